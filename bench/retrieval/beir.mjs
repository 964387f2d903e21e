// Reads a BEIR folder: corpus.jsonl, queries.jsonl and qrels.tsv, each also as .gz.
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** @returns `{ name, passages: [{ id, title, text }], queries: [{ id, text, relevant: Map(passage's index → grade) }] }` */
export async function readBeir(dir, { limit = Number.POSITIVE_INFINITY } = {}) {
  const [corpus, queries, qrels] = await Promise.all(
    ['corpus.jsonl', 'queries.jsonl', 'qrels.tsv'].map((file) => readLines(join(dir, file))),
  )
  const passages = corpus.slice(0, limit).map((line) => {
    const { _id: id, title = '', text } = JSON.parse(line)
    return { id: String(id), title, text }
  })
  const places = new Map(passages.map(({ id }, at) => [id, at]))
  const relevant = new Map()
  for (const line of qrels.slice(1)) {
    const [query, passage, grade] = line.split('\t')
    const at = places.get(passage)
    if (at === undefined || Number(grade) <= 0) continue
    if (!relevant.has(query)) relevant.set(query, new Map())
    relevant.get(query).set(at, Number(grade))
  }
  const judged = queries
    .map((line) => JSON.parse(line))
    .map(({ _id, text }) => ({ id: String(_id), text, relevant: relevant.get(String(_id)) }))
    .filter((query) => query.relevant !== undefined)
  return { name: basename(dir), passages, queries: judged }
}

async function readLines(path) {
  const text = await readFile(`${path}.gz`).then(
    (bytes) => gunzipSync(bytes).toString('utf8'),
    () => readFile(path, 'utf8'),
  )
  return text.split('\n').filter((line) => line.trim() !== '')
}
