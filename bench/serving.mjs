// A whole retrieval set taken in as a user would, as files through a real server, and then asked over HTTP: how long it
// takes until all is searchable, and what a search costs end to end, the embedding of the question included.
//
//   node bench/serving.mjs FOLDER [--queries 500] [--at-once 1] [--home FOLDER]
//
// FOLDER is a set in the layout of BEIR. Passages of one title become one Markdown file, each under a heading of its own
// that is its id. --home keeps what was ingested: another run with it begins with the questions.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { httpService } from '../dist/client/http-service.js'
import { openBeir } from '../dist/eval/beir.js'
import { ndcgAt } from '../dist/eval/ranking.js'
import { mean, percentile } from '../dist/eval/statistics.js'
import { watchMemory } from './process-tree.mjs'
import { modelsDir, packageRoot, startServer, stop } from './server.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    queries: { type: 'string', default: '500' },
    'at-once': { type: 'string', default: '1' },
    home: { type: 'string' },
  },
})
if (positionals.length !== 1) throw new Error('usage: node bench/serving.mjs FOLDER [--queries 500] [--at-once 1]')
const warmUps = 20
const knowledgeBase = 'serving'

async function writeFiles(set, folder) {
  const byTitle = new Map()
  for await (const { id, title, text } of set.readPassages()) {
    const sections = byTitle.get(title) ?? []
    sections.push(`## ${id}\n\n${text}`)
    byTitle.set(title, sections)
  }
  await mkdir(folder, { recursive: true })
  let number = 0
  for (const [title, sections] of byTitle) {
    number += 1
    await writeFile(join(folder, `${number}.md`), [`# ${title || number}`, ...sections].join('\n\n'))
  }
  return number
}

/** The command line as a user runs it; it hands its work to the server that owns the home. */
async function inkstone(args, home) {
  const program = [join(packageRoot, 'bin/inkstone.js'), ...args, '--home', home, '--models-dir', modelsDir]
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise((done) => child.once('exit', done))
  if (code !== 0) throw new Error(`inkstone ${args[0]} ended with ${code}`)
}

async function ingest(set, { home, url, pid }) {
  const folder = join(home, 'files')
  const files = await writeFiles(set, folder)
  await httpService({ baseUrl: url }).createKnowledgeBase({ slug: knowledgeBase })
  const memory = watchMemory(pid)
  const startedMs = performance.now()
  await inkstone(['ingest', folder, '--kb', knowledgeBase, '--json'], home)
  const seconds = (performance.now() - startedMs) / 1000
  const { peakMiB, peakOfAllMiB } = await memory.stop()
  console.log(
    `${set.passages} passages in ${files} files searchable in ${seconds.toFixed(0)} s, ` +
      `${(set.passages / seconds).toFixed(0)} a second, ` +
      `server at most ${peakMiB.toFixed(0)} MiB, with its children ${peakOfAllMiB.toFixed(0)} MiB`,
  )
}

async function search(url, query) {
  const startedMs = performance.now()
  const response = await fetch(`${url}/v1/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, knowledgeBaseIds: [knowledgeBase], topK: 10 }),
  })
  if (!response.ok) throw new Error(`search answered ${response.status}: ${await response.text()}`)
  const { hits } = await response.json()
  return {
    ms: performance.now() - startedMs,
    found: [...new Set(hits.map(({ chunk }) => chunk.headingPath.at(-1) ?? ''))],
  }
}

/** Evenly spread over the set, so that a part of it stands for the whole. */
function spread(items, count) {
  const step = Math.max(1, items.length / count)
  return Array.from({ length: Math.min(count, items.length) }, (_, at) => items[Math.floor(at * step)])
}

async function askAll(url, queries, atOnce) {
  const results = []
  const waiting = [...queries]
  const asking = Array.from({ length: atOnce }, async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      results.push({ query, ...(await search(url, query.text)) })
    }
  })
  await Promise.all(asking)
  return results
}

async function measureSearches(url, asked) {
  for (const { text } of asked.slice(0, warmUps)) await search(url, text)
  for (const atOnce of new Set([1, Number(values['at-once'])])) {
    const startedMs = performance.now()
    const results = await askAll(url, asked, atOnce)
    const seconds = (performance.now() - startedMs) / 1000
    const times = results.map(({ ms }) => ms)
    const gains = results.map(({ query, found }) => ndcgAt(10, found, query.judgments))
    console.log(
      `${results.length} searches over HTTP, ${atOnce} at a time: p50 ${percentile(times, 0.5).toFixed(1)} ms, ` +
        `p95 ${percentile(times, 0.95).toFixed(1)} ms, ${(results.length / seconds).toFixed(0)} a second, ` +
        `nDCG@10 ${mean(gains).toFixed(4)}`,
    )
  }
}

/** An idle server takes the last rows into its indexes by itself. */
async function untilTidy(service) {
  const startedMs = performance.now()
  for (;;) {
    const { unindexedRows } = await service.getIndexState(knowledgeBase)
    const seconds = (performance.now() - startedMs) / 1000
    if (unindexedRows === 0 || seconds > 180) {
      console.log(`${unindexedRows} rows outside the indexes after ${seconds.toFixed(0)} s of rest`)
      return
    }
    await sleep(1000)
  }
}

const set = await openBeir(resolve(positionals[0]))
const home = values.home ? resolve(values.home) : await mkdtemp(join(tmpdir(), 'inkstone-serving-'))
const { child, url } = await startServer(home)
try {
  const service = httpService({ baseUrl: url })
  const isThere = (await service.listKnowledgeBases()).some(({ slug }) => slug === knowledgeBase)
  if (!isThere) await ingest(set, { home, url, pid: child.pid })
  const asked = spread(
    set.queries.filter(({ text }) => text.trim() !== ''),
    Number(values.queries),
  )
  if (!isThere) {
    await measureSearches(url, asked)
    await untilTidy(service)
  }
  await measureSearches(url, asked)
} finally {
  await stop(child, 'SIGTERM')
  if (!values.home) await rm(home, { recursive: true, force: true })
}
