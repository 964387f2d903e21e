// How fast files become searchable, one after the other, and how much of that time the embedder worked.
//
// A sample document is read first, so that the parsing process is there, as it is on a server; not with --cold.
//
//   npm run bench:pipeline -- FILE... [--threads 2] [--cold]
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../dist/config/load.js'
import { findModel } from '../dist/embed/models.js'
import { onnxEmbedder } from '../dist/embed/onnx.js'
import { openInkstone } from '../dist/inkstone.js'
import { documentsMeter } from './embedder-meter.mjs'
import { watchMemory } from './process-tree.mjs'
import { modelsDir, packageRoot } from './server.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    cold: { type: 'boolean', default: false },
  },
})
if (positionals.length === 0) throw new Error('usage: node bench/pipeline.mjs FILE... [--threads 2] [--cold]')
const threads = Number(values.threads)
const sample = join(packageRoot, 'data/sample/documents/export-installation-guide.pdf')
const log = { debug() {}, info() {}, warn: console.error, error: console.error }

const seconds = (fromMs) => (performance.now() - fromMs) / 1000
const percent = (share) => `${(share * 100).toFixed(0)} %`

/** How long each stage lasted, as the job tells it. */
async function follow(service, jobId) {
  const stages = new Map()
  let since = performance.now()
  let job = null
  for await (const next of service.watchJob(jobId)) {
    if (job !== null) stages.set(job.stage, (stages.get(job.stage) ?? 0) + seconds(since))
    since = performance.now()
    job = next
  }
  return { job, stages }
}

async function ingest(service, path, meter) {
  meter.reset()
  const memory = watchMemory(process.pid)
  const started = performance.now()
  const { job: queued } = await service.submit('default', { sourceUri: path, bytes: createReadStream(path) })
  const { job, stages } = await follow(service, queued.id)
  const total = seconds(started)
  const { busySeconds, firstSeconds, texts } = meter.read(started)
  const { peakMiB, peakOfAllMiB } = await memory.stop()
  if (job.status !== 'done') throw new Error(`${basename(path)} was not read: ${job.error?.code} ${job.error?.message}`)
  const { pageCount, chunkCount } = await service.getDocument(job.documentId)
  return { total, stages, busySeconds, firstSeconds, texts, peakMiB, peakOfAllMiB, pageCount, chunkCount }
}

/** The same texts with nothing else to do: the floor for any way of bringing them to the embedder. */
async function floorSeconds(embedder, texts) {
  const started = performance.now()
  await embedder.embed(texts, { task: 'document' })
  return seconds(started)
}

const home = await mkdtemp(join(tmpdir(), 'inkstone-pipeline-'))
const config = loadConfig({ packageRoot, flags: { home, modelsDir, embedThreads: threads } })
const embedder = await onnxEmbedder({ model: findModel(config.embedModel), modelsDir, threads })
const meter = documentsMeter(embedder)
const service = await openInkstone(config, { log, openEmbedder: async () => meter.embedder })
try {
  if (!values.cold) await ingest(service, sample, meter)
  for (const file of positionals) {
    const path = resolve(file)
    const run = await ingest(service, path, meter)
    const floor = await floorSeconds(embedder, run.texts)
    console.log(basename(path))
    console.table({
      'seconds to searchable': run.total.toFixed(1),
      'pages a second': run.pageCount === null ? 'no pages' : (run.pageCount / run.total).toFixed(1),
      'chunks a second': (run.chunkCount / run.total).toFixed(1),
      chunks: run.chunkCount,
      'texts embedded for them': run.texts.length,
      'peak MiB of the process': run.peakMiB.toFixed(0),
      'peak MiB with its children': run.peakOfAllMiB.toFixed(0),
      'seconds until the first text was embedded': run.firstSeconds.toFixed(2),
      'embedder had work': percent(run.busySeconds / run.total),
      'seconds for the same texts alone': floor.toFixed(1),
      'share of what the embedder can do': percent(floor / run.total),
    })
    console.log([...run.stages].map(([stage, spent]) => `${stage} ${spent.toFixed(2)} s`).join(' · '))
  }
} finally {
  await service.close()
  await rm(home, { recursive: true })
}
