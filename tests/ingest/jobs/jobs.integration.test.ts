import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Catalogue, FinishedIngest, NewDocument } from '../../../src/core/catalogue.js'
import { InkstoneError } from '../../../src/core/errors.js'
import type { Job } from '../../../src/core/job.js'
import type { Logger } from '../../../src/core/ports.js'
import { type JobRunner, type JobRunnerOptions, jobRunner } from '../../../src/ingest/jobs/jobs.js'
import { sqliteCatalogue } from '../../../src/store/catalogue.js'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
const finished = (job: Job): FinishedIngest => ({
  revision: job.revision,
  title: 'Read',
  mediaType: 'text/plain',
  pageCount: null,
  chunkCount: 1,
  tableCount: 0,
  ocrCount: 0,
  losses: [],
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

/** A job that failed by something that passes waits for this share of the longest wait. */
const share = 0.02

function start(run: JobRunnerOptions['run'], concurrency = 2, on: Catalogue = catalogue): JobRunner {
  const options = { log: silent, retryMs: 10, random: () => share }
  runner = jobRunner({ catalogue: on, run, afterJob: async () => undefined, concurrency, ...options })
  runner.wake()
  return runner
}

async function submit(name: string, given: Partial<NewDocument> = {}): Promise<Job> {
  const { job } = await catalogue.submit({
    knowledgeBaseId,
    sourceUri: name,
    mediaType: 'text/plain',
    title: name,
    contentHash: name.padEnd(64, '0'),
    sizeBytes: 1,
    metadata: {},
    ...given,
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
    const jobs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => submit(name)))
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
    for (let attempt = 0; attempt < 50; attempt++) {
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

  test('tries again later what failed by something that passes, and says why meanwhile', async () => {
    const job = await submit('a')
    const { watch } = start(async (running) => {
      if (running.attempts < 3) throw new InkstoneError('embedding_failed', 'the server is away')
      return finished(running)
    })
    const seen: Job[] = []
    for await (const each of watch(job.id)) seen.push(each)
    const waiting = seen.filter(({ notBefore }) => notBefore !== null)
    expect(waiting.map(({ status, attempts, error }) => ({ status, attempts, code: error?.code }))).toEqual([
      { status: 'queued', attempts: 1, code: 'embedding_failed' },
      { status: 'queued', attempts: 2, code: 'embedding_failed' },
    ])
    expect(seen.at(-1)).toMatchObject({ status: 'done', attempts: 3, error: null, notBefore: null })
  })

  test('fails a job in the end that fails each time', async () => {
    const job = await submit('a')
    let attempts = 0
    const { watch } = start(async () => {
      attempts += 1
      throw new Error('EIO: i/o error, read')
    })
    expect(await lastOf(watch(job.id))).toMatchObject({ status: 'failed', error: { code: 'internal' }, attempts: 4 })
    expect(attempts).toBe(4)
  })

  test('finishes a postponed job at the next start, and not before its time', async () => {
    const job = await submit('a')
    start(async () => {
      throw new InkstoneError('embedding_failed', 'the server is away')
    })
    await expect.poll(async () => (await catalogue.getJob(job.id)).notBefore).not.toBeNull()
    await runner?.stop()
    const { notBefore } = await catalogue.getJob(job.id)
    let begunAt = 0
    const { watch } = start(async (running) => {
      begunAt = Date.now()
      return finished(running)
    })
    expect(await lastOf(watch(job.id))).toMatchObject({ status: 'done', attempts: 2 })
    expect(begunAt).toBeGreaterThanOrEqual(Date.parse(notBefore ?? ''))
  })

  test('cancels a job that is postponed', async () => {
    const job = await submit('a')
    const { cancel } = start(async () => {
      throw new InkstoneError('storage_full', 'the disk is full')
    })
    await expect.poll(async () => (await catalogue.getJob(job.id)).notBefore).not.toBeNull()
    expect(await cancel(job.id)).toMatchObject({ status: 'cancelled' })
    expect(await catalogue.nextJobAt()).toBeNull()
  })

  test('never brings back an older content that failed while a newer one waited', async () => {
    const first = await submit('a')
    let fail = () => {}
    const { watch, wake } = start(async (running, { signal }) => {
      if (running.id !== first.id || running.attempts > 1) return finished(running)
      await Promise.race([untilStopped(signal), new Promise<void>((resolve) => (fail = resolve))])
      throw new InkstoneError('embedding_failed', 'the server is away')
    })
    await expect.poll(async () => (await catalogue.getJob(first.id)).status).toBe('running')
    const second = await submit('a', { contentHash: '2'.repeat(64) })
    wake()
    fail()
    expect(await lastOf(watch(second.id))).toMatchObject({ status: 'done', revision: 2 })
    expect(await lastOf(watch(first.id))).toMatchObject({ status: 'cancelled' })
    expect(await catalogue.getDocument(first.documentId)).toMatchObject({ revision: 2, contentHash: '2'.repeat(64) })
  })

  test('begins the next jobs while those before them wait to be stored, and says when no more come', async () => {
    const jobs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => submit(name)))
    const waiting: (() => void)[] = []
    const written: number[] = []
    runner = jobRunner({
      catalogue,
      log: silent,
      concurrency: 1,
      afterJob: async () => undefined,
      async run(job, { onHandedOver }) {
        const stored = new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
        onHandedOver()
        await stored
        return finished(job)
      },
      onQuiet() {
        if (waiting.length === 0) return
        written.push(waiting.length)
        for (const resolve of waiting.splice(0)) resolve()
      },
    })
    runner.wake()
    const { watch } = runner
    const ended = await Promise.all(jobs.map(({ id }) => lastOf(watch(id))))
    expect(ended.map((job) => job?.status)).toEqual(Array(5).fill('done'))
    expect(written).toEqual([5])
  })

  test('cancels a job that waits to be stored', async () => {
    const job = await submit('a')
    start(async (_, { signal, onHandedOver }) => {
      onHandedOver()
      return untilStopped(signal)
    })
    const stages = runner?.watch(job.id) ?? []
    for await (const { status } of stages) if (status === 'running') break
    expect(await runner?.cancel(job.id)).toMatchObject({ status: 'cancelled' })
  })

  test('keeps one place for what a person waits for', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await submit(name, { priority: 'background' })
    const begun: string[] = []
    const { watch, wake } = start(async (job, { signal }) => {
      begun.push(job.sourceUri)
      if (job.priority === 'background') return untilStopped(signal)
      return finished(job)
    }, 3)
    await expect.poll(() => begun).toEqual(['a', 'b'])
    const urgent = [await submit('e'), await submit('f')]
    wake()
    const ended = await Promise.all(urgent.map(({ id }) => lastOf(watch(id))))
    expect(ended.map((job) => job?.status)).toEqual(['done', 'done'])
    expect(begun).toEqual(['a', 'b', 'e', 'f'])
  })

  test('runs background jobs where there is one place only', async () => {
    const job = await submit('a', { priority: 'background' })
    const { watch } = start(async (running) => finished(running), 1)
    expect(await lastOf(watch(job.id))).toMatchObject({ status: 'done' })
  })

  test('tells pages and the time that is left, on events and in the catalogue', async () => {
    const job = await submit('a')
    let proceed = () => {}
    const gate = new Promise<void>((resolve) => {
      proceed = resolve
    })
    const { watch } = start(async (running, { onProgress }) => {
      onProgress({ stage: 'parsing', progress: 0.5, pages: { done: 5, total: 10 } })
      onProgress({ stage: 'embedding', progress: 0 })
      await delay(20)
      onProgress({ stage: 'embedding', progress: 0.5 })
      await gate
      return finished(running)
    })
    for await (const event of watch(job.id)) {
      if (event.progress !== 0.5 || event.stage !== 'embedding') continue
      expect(event).toMatchObject({ pages: { done: 5, total: 10 }, etaSeconds: 0 })
      expect(await catalogue.getJob(job.id)).toMatchObject({ pages: { done: 5, total: 10 }, etaSeconds: 0 })
      proceed()
    }
    expect(await catalogue.getJob(job.id)).toMatchObject({ status: 'done', etaSeconds: null })
  })

  test('tells those who watch a queued job how long the jobs before it take', async () => {
    const [done, , waiting] = [await submit('a'), await submit('b'), await submit('c')]
    const { watch, withEta } = start(async (job, { onProgress, signal }) => {
      if (job.id === done.id) return finished(job)
      for (let step = 1; step < 1_000; step++) {
        signal.throwIfAborted()
        onProgress({ stage: 'embedding', progress: step / 1_000 })
        await delay(5)
      }
      return untilStopped(signal)
    }, 1)
    await lastOf(watch(done.id))
    for await (const { status, etaSeconds } of watch(waiting.id)) {
      expect(status).toBe('queued')
      if (etaSeconds !== null) break
    }
    expect((await withEta(await catalogue.getJob(waiting.id))).etaSeconds).toBeTypeOf('number')
    expect(await withEta(await catalogue.getJob(done.id))).toMatchObject({ status: 'done', etaSeconds: null })
  })
})
