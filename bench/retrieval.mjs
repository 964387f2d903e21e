// Compares ways to search and to fuse, on retrieval sets in the layout of BEIR: which terms BM25 ranks best by, and which
// rule makes one list of BM25's and the vectors'. Lists are exact (no index), passages are not cut: a longer one counts
// by its beginning for the vectors. nDCG@10 of all questions, and of the two halves that their ids fall into.
//
//   node bench/retrieval.mjs FOLDER… [--cache FOLDER] [--limit 20000]
//
// --cache keeps the vectors, so that a second run takes seconds. --limit takes the first passages only.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { languageOf } from '../dist/core/language.js'
import { contentTerms, indexTerms, queryTerms, terms } from '../dist/core/terms.js'
import { findModel } from '../dist/embed/models.js'
import { onnxEmbedder } from '../dist/embed/onnx.js'
import { openBeir } from '../dist/eval/beir.js'
import { fuse } from '../dist/retrieve/fuse.js'
import { bm25 } from './retrieval/bm25.mjs'
import { embedAll } from './retrieval/embeddings.mjs'
import { nearest } from './retrieval/nearest.mjs'
import { summary } from './retrieval/quality.mjs'
import { modelsDir } from './server.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { cache: { type: 'string' }, limit: { type: 'string', default: 'Infinity' } },
})
if (positionals.length === 0) throw new Error('usage: node bench/retrieval.mjs FOLDER… [--cache FOLDER]')
const perList = 60

/** The first passages of a set, and the questions with the places of those that are right for them. */
async function readSet(folder, { limit }) {
  const set = await openBeir(folder)
  const passages = []
  for await (const passage of set.readPassages()) if (passages.length < limit) passages.push(passage)
  const places = new Map(passages.map(({ id }, at) => [id, at]))
  const queries = set.queries
    .map(({ id, text, judgments }) => {
      const right = [...judgments].filter(([passage, gain]) => gain > 0 && places.has(passage))
      return { id, text, relevant: new Map(right.map(([passage, gain]) => [places.get(passage), gain])) }
    })
    .filter(({ relevant }) => relevant.size > 0)
  return { name: set.name, passages, queries }
}

const words = new Intl.Segmenter('zh', { granularity: 'word' })
const icu = (text) =>
  [...words.segment(text.normalize('NFKC').toLowerCase())].filter((part) => part.isWordLike).map((part) => part.segment)

/** How passages and questions become terms; `title` is how often the title counts. */
const lexicalVariants = {
  'words (ICU)': { passage: icu, question: icu, title: 1 },
  pairs: { passage: terms, question: terms, title: 1 },
  'pairs, question without function words': { passage: terms, question: contentTerms, title: 1 },
  'pairs and characters': { passage: indexTerms, question: indexTerms, title: 1 },
  'pairs and characters, without function words': { passage: indexTerms, question: queryTerms, title: 1 },
  'the same, title twice (built)': { passage: indexTerms, question: queryTerms, title: 2 },
}

function lexicalLists({ passages, queries }, { passage, question, title }) {
  const index = bm25(passages.map((each) => passage(`${`${each.title}\n`.repeat(title)}${each.text}`)))
  return queries.map(({ text }) => index.search(new Map(question(text).map((term) => [term, 1])), perList))
}

const scored = (list) => list.map(({ at, score }) => ({ chunk: { id: String(at) }, score }))
const places = (hits) => hits.map(({ chunk }) => Number(chunk.id))

/** Ranks by a sum of what each list gives a passage. */
function combined({ dense, lexical }, valuesOf) {
  const [ofDense, ofLexical] = [valuesOf.dense(dense), valuesOf.lexical(lexical)]
  const all = [...new Set([...dense, ...lexical].map(({ at }) => at))]
  const score = new Map(all.map((at) => [at, (ofDense.get(at) ?? 0) + (ofLexical.get(at) ?? 0)]))
  return all.sort((a, b) => score.get(b) - score.get(a) || a - b)
}

const byRank = (list) => new Map(list.map(({ at }, rank) => [at, 1 / (61 + rank)]))
const byRange = (weight) => (list) => {
  const scores = list.map(({ score }) => score)
  const [least, most] = [Math.min(...scores), Math.max(...scores)]
  return new Map(list.map(({ at, score }) => [at, weight * (most > least ? (score - least) / (most - least) : 1)]))
}

const fusionRules = {
  'BM25 alone': ({ lexical }) => lexical.map(({ at }) => at),
  'vectors alone': ({ dense }) => dense.map(({ at }) => at),
  'reciprocal ranks': (lists) => combined(lists, { dense: byRank, lexical: byRank }),
  ...Object.fromEntries(
    [0.3, 0.5, 0.7].map((weight) => [
      `min-max, ${weight} dense`,
      (lists) => combined(lists, { dense: byRange(weight), lexical: byRange(1 - weight) }),
    ]),
  ),
  'standard scores by what stands out': ({ dense, lexical, knows }) =>
    places(fuse({ dense: scored(dense), lexical: scored(lexical) }, { denseTrust: knows ? 1 : 0.25 })),
  'the same, every cosine known (built)': ({ cosines, lexical, knows }) =>
    places(fuse({ dense: scored(cosines), lexical: scored(lexical) }, { denseTrust: knows ? 1 : 0.25 })),
}

/** The dense list with what only the words have found, as `withCosines` makes it. */
function withCosines(dense, lexical, cosineOf) {
  const near = new Set(dense.map(({ at }) => at))
  const others = lexical.filter(({ at }) => !near.has(at)).map(({ at }) => ({ at, score: cosineOf(at) }))
  return [...dense, ...others].sort((a, b) => b.score - a.score)
}

function dot(a, b) {
  return a.reduce((sum, value, index) => sum + value * b[index], 0)
}

function print(name, { ndcg, a, b, recall, hit }) {
  const cells = [ndcg, a, b, recall, hit].map((value) => value.toFixed(4))
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}

const embedder = await onnxEmbedder({ model: findModel('bge-small-zh-v1.5'), modelsDir, threads: 2 })
for (const folder of positionals) {
  const set = await readSet(folder, { limit: Number(values.limit) })
  console.log(`\n${set.name}: ${set.passages.length} passages, ${set.queries.length} questions\n`)
  console.log('| | nDCG@10 | half A | half B | recall@10 | hit@10 |\n| --- | --- | --- | --- | --- | --- |')
  let lexical = []
  for (const [name, variant] of Object.entries(lexicalVariants)) {
    lexical = lexicalLists(set, variant)
    print(
      name,
      summary(set.queries, (_, at) => lexical[at].map((found) => found.at)),
    )
  }
  const caching = { embedder, cacheDir: values.cache ?? join(tmpdir(), 'inkstone-retrieval') }
  const texts = set.passages.map(({ title, text }) => `${title}\n${text}`)
  const passages = await embedAll(texts, { ...caching, task: 'document' })
  const questions = set.queries.map(({ text }) => text)
  const vectors = await embedAll(questions, { ...caching, task: 'query' })
  const dense = nearest(vectors, passages, { dimensions: embedder.dimensions, limit: perList })
  const { dimensions } = embedder
  const vectorAt = (all, at) => all.subarray(at * dimensions, (at + 1) * dimensions)
  for (const [name, rule] of Object.entries(fusionRules)) {
    const listsOf = ({ text }, at) => ({
      dense: dense[at],
      cosines: withCosines(dense[at], lexical[at], (passage) =>
        dot(vectorAt(vectors, at), vectorAt(passages, passage)),
      ),
      lexical: lexical[at],
      knows: embedder.languages.includes(languageOf(text)),
    })
    print(
      name,
      summary(set.queries, (query, at) => rule(listsOf(query, at))),
    )
  }
}
await embedder.close()
