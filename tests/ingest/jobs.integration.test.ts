import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { Catalogue, FinishedIngest, Logger } from '../../src/core/ports.js'
import type { Job } from '../../src/core/types.js'
import { type JobRunner, type JobRunnerOptions, jobRunner } from '../../src/ingest/jobs.js'
import { sqliteCatalogue } from '../../src/store/catalogue.js'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
const finished = (job: Job): FinishedIngest => ({
  revision: job.revision,
  title: 'Read',
  mediaType: 'text/plain',
  pageCount: null,
  chunkCount: 1,
  metadata: {},
  warnings: [],
})

let folder: string
let catalogue: Catalogue
let knowledgeBaseId: string
let runner: JobRunner | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkstone-jobs-'))
  catalogue = await sqliteCatalogue({ path: join(folder, 'catalogue.sqlite') })
  knowledgeBaseId = (await catalogue.createKnowledgeBase({ slug: 'test', name: 'Test' })).id
})
afterEach(async () => {
  await runner?.stop()
  await catalogue.close()
  await rm(folder, { recursive: true })
})

function start(run: JobRunnerOptions['run'], concurrency = 2, on: Catalogue = catalogue): JobRunner {
  runner = jobRunner({ catalogue: on, run, afterJob: async () => undefined, concurrency, log: silent, retryMs: 10 })
  runner.wake()
  return runner
}

async function submit(name: string): Promise<Job> {
  const { job } = await catalogue.submit({
    knowledgeBaseId,
    sourceUri: name,
    mediaType: 'text/plain',
    title: name,
    contentHash: name.padEnd(64, '0'),
    sizeBytes: 1,
    metadata: {},
  })
  if (!job) throw new Error('no job')
  return job
}

async function lastOf(jobs: AsyncIterable<Job>): Promise<Job | undefined> {
  let last: Job | undefined
  for await (const job of jobs) last = job
  return last
}

/** Work that goes on until it is stopped. */
const untilStopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('jobRunner', () => {
  test('runs every queued job, never more at a time than allowed', async () => {
    let active = 0
    let most = 0
    const jobs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(submit))
    const { watch } = start(async (job) => {
      most = Math.max(most, ++active)
      await new Promise((resolve) => setTimeout(resolve, 5))
      active--
      return finished(job)
    })
    const ended = await Promise.all(jobs.map(({ id }) => lastOf(watch(id))))
    expect(ended.map((job) => job?.status)).toEqual(Array(5).fill('done'))
    expect(most).toBe(2)
  })

  test('fails the job that throws, with its code, and goes on with the others', async () => {
    const jobs = [await submit('bad'), await submit('good')]
    const { watch } = start(async (job) => {
      if (job.sourceUri === 'bad') throw new InkstoneError('file_corrupt', 'cut off', { remedy: 'get it again' })
      return finished(job)
    })
    const [bad, good] = await Promise.all(jobs.map(({ id }) => lastOf(watch(id))))
    expect(bad).toMatchObject({ status: 'failed', error: { code: 'file_corrupt', remedy: 'get it again' } })
    expect(good).toMatchObject({ status: 'done' })
    expect(await catalogue.getDocument(bad?.documentId ?? '')).toMatchObject({ status: 'failed' })
  })

  test('lets a watcher see the stages pass and end', async () => {
    const job = await submit('a')
    let proceed = () => {}
    const gate = new Promise<void>((resolve) => {
      proceed = resolve
    })
    const { watch } = start(async (running, { onProgress }) => {
      onProgress({ stage: 'embedding', progress: 0.5 })
      await gate
      return finished(running)
    })
    const stages: string[] = []
    for await (const { stage, progress } of watch(job.id)) {
      stages.push(stage)
      if (stage === 'embedding') {
        expect(progress).toBe(0.5)
        proceed()
      }
    }
    expect(stages.at(-1)).toBe('done')
    expect(stages).toContain('embedding')
  })

  test('cancels a running job and tells its work', async () => {
    const job = await submit('a')
    let stopped = false
    const { cancel, watch } = start(async (_, { signal }) => {
      try {
        return await untilStopped(signal)
      } finally {
        stopped = true
      }
    })
    await expect.poll(async () => (await catalogue.getJob(job.id)).status).toBe('running')
    const watched = lastOf(watch(job.id))
    expect(await cancel(job.id)).toMatchObject({ status: 'cancelled' })
    expect(stopped).toBe(true)
    expect(await watched).toMatchObject({ status: 'cancelled' })
    await expect(cancel(job.id)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('leaves what was running to the next start, which finishes it', async () => {
    const job = await submit('a')
    await start(async (_, { signal }) => untilStopped(signal)).wake()
    await expect.poll(async () => (await catalogue.getJob(job.id)).status).toBe('running')
    await runner?.stop()
    expect(await catalogue.getJob(job.id)).toMatchObject({ status: 'queued', attempts: 0 })
    const { watch } = start(async (running) => finished(running))
    expect(await lastOf(watch(job.id))).toMatchObject({ status: 'done' })
  })

  test('tells those who watch that a job was replaced or removed', async () => {
    await submit('busy')
    const { watch, announceEnded, interrupt } = start(async (_, { signal }) => untilStopped(signal), 1)
    await expect.poll(async () => (await catalogue.listJobs({ status: 'running', limit: 1 })).items.length).toBe(1)
    const replaced = await submit('a')
    const watched = lastOf(watch(replaced.id))
    const busy = (await catalogue.listJobs({ status: 'running', limit: 1 })).items[0]
    const removed = expect(lastOf(watch(busy?.id ?? ''))).rejects.toMatchObject({ code: 'job_not_found' })
    await catalogue.submit({ ...(await catalogue.getDocument(replaced.documentId)), contentHash: '2'.repeat(64) })
    await announceEnded()
    expect(await watched).toMatchObject({ id: replaced.id, status: 'cancelled' })
    await catalogue.deleteKnowledgeBase(knowledgeBaseId)
    await interrupt((job) => job.id === busy?.id)
    await removed
  })

  test('waits for a full disk to have room again, for outcomes and for the queue', async () => {
    const full = new InkstoneError('storage_full', 'the disk is full')
    const refusals = { claimJob: 2, finishJob: 2, failJob: 2 }
    const refuse = (name: keyof typeof refusals) => {
      refusals[name] -= 1
      if (refusals[name] >= 0) throw full
    }
    const scarce: Catalogue = {
      ...catalogue,
      claimJob: async () => refuse('claimJob') ?? catalogue.claimJob(),
      finishJob: async (...given) => refuse('finishJob') ?? catalogue.finishJob(...given),
      failJob: async (...given) => refuse('failJob') ?? catalogue.failJob(...given),
    }
    const jobs = [await submit('good'), await submit('bad')]
    const run = async (job: Job) => {
      if (job.sourceUri === 'bad') throw new InkstoneError('file_corrupt', 'cut off')
      return finished(job)
    }
    const { watch } = start(run, 2, scarce)
    const ended = await Promise.all(jobs.map(({ id }) => lastOf(watch(id))))
    expect(ended.map((job) => job?.status)).toEqual(['done', 'failed'])
    expect(refusals).toEqual({ claimJob: expect.any(Number), finishJob: -1, failJob: -1 })
  })

  test('ends a watch that begins after it has stopped', async () => {
    const job = await submit('a')
    const { watch, stop } = start(async (_, { signal }) => untilStopped(signal))
    await stop()
    expect(await lastOf(watch(job.id))).toBeUndefined()
  })

  test('lets jobs that were never tried go before one that was interrupted', async () => {
    await submit('interrupted')
    await catalogue.claimJob()
    await submit('fresh')
    await catalogue.requeueInterruptedJobs()
    const order: string[] = []
    const { watch } = start(async (job) => {
      order.push(job.sourceUri)
      return finished(job)
    }, 1)
    const { items } = await catalogue.listJobs({ limit: 10 })
    await Promise.all(items.map(({ id }) => lastOf(watch(id))))
    expect(order).toEqual(['fresh', 'interrupted'])
  })

  test('gives up a job that was interrupted again and again', async () => {
    const job = await submit('a')
    for (let attempt = 0; attempt < 20; attempt++) {
      await catalogue.claimJob()
      await catalogue.requeueInterruptedJobs()
    }
    const { watch } = start(async (running) => finished(running))
    expect(await lastOf(watch(job.id))).toMatchObject({ status: 'failed', error: { code: 'parse_failed' } })
  })

  test('ends a watch when its signal fires', async () => {
    const job = await submit('a')
    const { watch } = start(async (_, { signal }) => untilStopped(signal))
    const controller = new AbortController()
    const watched = lastOf(watch(job.id, { signal: controller.signal }))
    controller.abort()
    expect((await watched)?.id ?? job.id).toBe(job.id)
  })
})
