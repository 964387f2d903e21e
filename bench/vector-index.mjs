// A table of clustered vectors large enough for an index: how long it takes to build, what searches and writers feel of
// it, how much of exact search it finds, and what `kb tune` makes of it.
//
//   node bench/vector-index.mjs [--rows 60000] [--dimensions 512] [--clusters 600] [--seed 1]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { lanceStores } from '../dist/store/lance.js'
import { randomNumbers } from './chaos/random.mjs'

const option = (value) => ({ type: 'string', default: value })
const { values } = parseArgs({
  options: { rows: option('60000'), dimensions: option('512'), clusters: option('600'), seed: option('1') },
})
const rows = Number(values.rows)
const dimensions = Number(values.dimensions)
const random = randomNumbers(Number(values.seed))

const direction = () => Float32Array.from({ length: dimensions }, () => random() - 0.5)
const centres = Array.from({ length: Number(values.clusters) }, direction)

/** Some clusters are large and some small. */
function clusteredVector() {
  const centre = centres[Math.floor(random() ** 2 * centres.length)]
  const vector = centre.map((value) => value + (random() - 0.5) * 1.6)
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

function documentOf(at, chunkCount) {
  const documentId = `doc_${at}`
  const chunks = Array.from({ length: chunkCount }, (_, index) => {
    const text = `word${at % 997} word${index} word${(at * 31 + index) % 5_003}`
    const made = { id: `chk_${at}_${index}`, knowledgeBaseId: 'kb_1', documentId, revision: 1, documentTitle: 'Bench' }
    const span = { start: 0, end: text.length }
    return { ...made, index, text, span, page: 1, headingPath: [], kind: 'paragraph', tableHeader: null, tokenCount: 9 }
  })
  return { documentId, chunks, embeddings: chunks.map(clusteredVector) }
}

function summary(timesMs) {
  const sorted = [...timesMs].sort((a, b) => a - b)
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${sorted.length})`
}

/** Searches one after the other, as long as the work lasts. */
async function searchesDuring(store, work) {
  const timesMs = []
  let isWorking = true
  const searching = (async () => {
    while (isWorking) {
      const started = performance.now()
      await store.searchDense(clusteredVector(), { limit: 60 })
      timesMs.push(performance.now() - started)
      await sleep(10)
    }
  })()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  isWorking = false
  await searching
  return { seconds, timesMs }
}

const dir = await mkdtemp(join(tmpdir(), 'inkstone-vectors-'))
const stores = await lanceStores({ dir, fingerprint: 'bench', dimensions })
try {
  const store = await stores.open('kb_1')
  const perCommit = 2_000
  for (let at = 0; at < rows / perCommit; at += 1) await store.putRevisions([documentOf(at, perCommit)])
  console.log(`${await store.countChunks()} rows of ${dimensions} dimensions`)

  const exact = await searchesDuring(store, () => sleep(5_000))
  console.log(`search, no index: ${summary(exact.timesMs)}`)

  const waits = []
  let isBuilding = true
  const writing = (async () => {
    for (let at = 0; isBuilding; at += 1) {
      const started = performance.now()
      await store.putRevisions([documentOf(1_000_000 + at, 5)])
      waits.push(performance.now() - started)
      await sleep(200)
    }
  })()
  const build = await searchesDuring(store, () => store.maintain({ force: true }))
  isBuilding = false
  await writing
  console.log(
    `maintain with the first build: ${build.seconds.toFixed(1)} s; search meanwhile: ${summary(build.timesMs)}`,
  )
  console.log(`writes of 5 chunks meanwhile: ${summary(waits)}`)

  const upkeep = await searchesDuring(store, () => store.maintain({ force: true }))
  console.log(`maintain without a build: ${upkeep.seconds.toFixed(1)} s; search meanwhile: ${summary(upkeep.timesMs)}`)
  const indexed = await searchesDuring(store, () => sleep(5_000))
  console.log(`search, index: ${summary(indexed.timesMs)}`)

  const questions = Array.from({ length: 200 }, clusteredVector)
  for (const [what, options] of [
    ['own vectors', {}],
    ['new vectors of the same kind', { queries: questions }],
  ]) {
    const started = performance.now()
    for await (const event of store.tune(options)) {
      if (event.stage === 'measured') {
        const { partitions, candidates, recall, p50Ms } = event.step
        console.log(
          `  ${partitions} partitions, ${candidates} candidates: recall@10 ${recall.toFixed(4)}, ${p50Ms.toFixed(1)} ms`,
        )
      }
    }
    console.log(`tuned with ${what} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  console.log(JSON.stringify((await store.stats()).vectorIndex))
  const tuned = await searchesDuring(store, () => sleep(5_000))
  console.log(`search, tuned: ${summary(tuned.timesMs)}`)
} finally {
  await stores.close()
  await rm(dir, { recursive: true })
}
