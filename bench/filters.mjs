// Random filters, from the catalogue down to both retrievers, against a plain walk over everything.
//
//   node bench/filters.mjs [--filters 1000] [--documents 5000] [--chunks 20000] [--seed 1]
//
// Dense: the ten nearest by cosine among the chunks that the filter lets pass, computed one by one. Lexical: what the
// same words find without a filter, less what the filter does not let pass.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sqliteCatalogue } from '../dist/store/catalogue.js'
import { lanceStores } from '../dist/store/lance.js'
import { passes, randomFilter } from '../tests/support/filter-reference.mjs'
import { randomNumbers } from './chaos/random.mjs'

const option = (value) => ({ type: 'string', default: value })
const { values } = parseArgs({
  options: {
    filters: option('1000'),
    documents: option('5000'),
    chunks: option('20000'),
    seed: option('1'),
  },
})
const counts = { filters: Number(values.filters), documents: Number(values.documents), chunks: Number(values.chunks) }
const random = randomNumbers(Number(values.seed))
const dimensions = 64
const wholeList = 2_000

const pick = (list) => list[Math.floor(random() * list.length)]
const upTo = (most) => Math.floor(random() * (most + 1))
const tags = ['泵', '阀门', '密封', 'GB/T 19001', "it's", 'a%', 'A_', '\\', 'pump', 'Pump']

function randomMetadata() {
  return {
    ...(random() < 0.8 ? { year: 2010 + upTo(16) } : {}),
    ...(random() < 0.7 ? { tags: Array.from({ length: upTo(3) }, () => pick(tags)) } : {}),
    ...(random() < 0.5 ? { approved: `20${10 + upTo(16)}-0${1 + upTo(8)}-1${upTo(9)}` } : {}),
    ...(random() < 0.3 ? { draft: random() < 0.5 } : {}),
    ...(random() < 0.3 ? { owner: pick(['王工', '李工', '2020', 'true']) } : {}),
  }
}

function randomVector() {
  const vector = Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5)
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

/** Some words are in every tenth chunk, some in a handful. */
const randomText = () => Array.from({ length: 12 }, () => `word${Math.floor(random() ** 3 * 3_000)}`).join(' ')

async function fillCatalogue(catalogue, knowledgeBaseId) {
  const documents = []
  for (let at = 0; at < counts.documents; at += 1) {
    const paths = Array.from(
      { length: random() < 0.1 ? 2 : 1 },
      () => `${pick(['specs', 'Specs', 'law'])}/${at % 97}/${at}-${upTo(1e6)}`,
    )
    const metadata = randomMetadata()
    const mediaType = pick(['application/pdf', 'text/markdown', 'text/plain'])
    const file = { knowledgeBaseId, title: `t${at % 500}`, mediaType, contentHash: `h${at}`, sizeBytes: 1, metadata }
    for (const sourceUri of paths) await catalogue.submit({ ...file, sourceUri })
    const job = await catalogue.claimJob()
    const chunkCount =
      Math.floor(((at + 1) * counts.chunks) / counts.documents) - Math.floor((at * counts.chunks) / counts.documents)
    const finished = { revision: 1, title: null, mediaType, pageCount: null, chunkCount, tableCount: 0, ocrCount: 0 }
    const { document } = await catalogue.finishJob(job.id, { ...finished, losses: [], metadata: {}, warnings: [] })
    documents.push({ ...document, paths })
  }
  return documents
}

function chunksOf({ id: documentId, knowledgeBaseId, title, chunkCount }) {
  return Array.from({ length: chunkCount }, (_, index) => {
    const text = randomText()
    const span = { start: 0, end: text.length }
    const made = { id: `chk_${documentId}_${index}`, knowledgeBaseId, documentId, revision: 1, documentTitle: title }
    return {
      ...made,
      index,
      text,
      span,
      page: 1,
      headingPath: [],
      kind: 'paragraph',
      tableHeader: null,
      tokenCount: 12,
    }
  })
}

async function fillStore(store, documents) {
  const all = []
  for (let start = 0; start < documents.length; start += 500) {
    const batch = documents.slice(start, start + 500).map((document) => {
      const chunks = chunksOf(document)
      return { documentId: document.id, chunks, embeddings: chunks.map(randomVector) }
    })
    await store.putRevisions(batch)
    for (const { chunks, embeddings } of batch) {
      for (const [at, chunk] of chunks.entries()) all.push({ chunk, vector: embeddings[at] })
    }
  }
  await store.maintain({ force: true })
  return all
}

const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0)
const idsOf = (found) => found.map(({ chunk }) => chunk.id)
const isSame = (a, b) => a.length === b.length && a.every((item, at) => item === b[at])

/** Two chunks that are equally near may stand in either order. */
function isSameRanking(found, expected) {
  return (
    found.length === expected.length &&
    found.every(({ chunk, score }, at) => chunk.id === expected[at].id || Math.abs(score - expected[at].score) < 1e-6)
  )
}

const home = await mkdtemp(join(tmpdir(), 'inkstone-filters-'))
const catalogue = await sqliteCatalogue({ path: join(home, 'catalogue.sqlite') })
const stores = await lanceStores({ dir: join(home, 'lance'), fingerprint: 'bench', dimensions })
const timesMs = { select: [], dense: [], lexical: [] }
const clocked = async (name, work) => {
  const started = performance.now()
  const result = await work()
  timesMs[name].push(performance.now() - started)
  return result
}
try {
  const { id } = await catalogue.createKnowledgeBase({ slug: 'bench', name: 'Bench' })
  const documents = await fillCatalogue(catalogue, id)
  const store = await stores.open(id)
  const all = await fillStore(store, documents)
  console.log(`${documents.length} documents, ${await store.countChunks()} chunks, ${counts.filters} filters`)

  const words = Array.from({ length: 10 }, () => `word${500 + upTo(2_000)} word${500 + upTo(2_000)}`)
  const matches = new Map()
  for (const text of words) matches.set(text, idsOf(await store.searchLexical(text, { limit: wholeList })))
  let wrong = 0
  const shares = []
  for (let round = 0; round < counts.filters; round += 1) {
    const filter = randomFilter(random, { documents, depth: 3 })
    const allowed = new Set(documents.flatMap((document) => (passes(document, filter) ? [document.id] : [])))
    const selection = await clocked('select', () => catalogue.selectDocuments(id, filter))
    const vector = randomVector()
    const text = pick(words)
    const near = await clocked('dense', () => store.searchDense(vector, { limit: 10, documents: selection }))
    const matching = await clocked('lexical', () =>
      store.searchLexical(text, { limit: wholeList, documents: selection }),
    )

    const expected = all
      .filter(({ chunk }) => allowed.has(chunk.documentId))
      .map((row) => ({ id: row.chunk.id, score: dot(row.vector, vector) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
    const isAllowed = new Map(all.map(({ chunk }) => [chunk.id, allowed.has(chunk.documentId)]))
    const expectedMatches = matches.get(text).filter((chunkId) => isAllowed.get(chunkId))
    const isRight = isSameRanking(near, expected) && isSame(idsOf(matching).sort(), expectedMatches.sort())
    if (!isRight) {
      wrong += 1
      console.log(
        'differs:',
        JSON.stringify(filter),
        near.length,
        expected.length,
        matching.length,
        expectedMatches.length,
      )
    }
    shares.push(allowed.size / documents.length)
  }
  shares.sort((a, b) => a - b)
  const some = shares.filter((share) => share > 0 && share < 1).length
  const partly = `${some} let pass some and not all, the median ${(shares[shares.length >> 1] * 100).toFixed(1)} % of the documents`
  console.log(`${counts.filters - wrong} of ${counts.filters} equal the reference in both retrievers; ${partly}`)
  for (const [name, times] of Object.entries(timesMs)) {
    times.sort((a, b) => a - b)
    const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1)
    console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`)
  }
  process.exitCode = wrong === 0 ? 0 : 1
} finally {
  await stores.close()
  await catalogue.close()
  await rm(home, { recursive: true })
}
