import { EventEmitter, on } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Catalogue, FinishedIngest, Logger } from '../core/ports.js'
import type { Job } from '../core/types.js'
import type { IngestOptions } from './pipeline.js'

export interface JobRunner {
  /** Looks for queued jobs; call it after one was added. */
  wake(): void
  /** Resolves when the job has stopped. @throws InkstoneError `job_not_found`, `conflict` when it has ended */
  cancel(jobId: string): Promise<Job>
  /** Stops the work on jobs that the catalogue has given up, and tells those who watch. Resolves when it has stopped. */
  interrupt(isMeant: (job: Job) => boolean): Promise<void>
  /** Tells those who watch a job that the catalogue has ended or removed; call it after what may do so to queued jobs. */
  announceEnded(): Promise<void>
  /** The job now and after each change, until it has ended. */
  watch(jobId: string, options?: { signal?: AbortSignal }): AsyncIterable<Job>
  /** Stops at once: what was running is queued again for the next start, and the attempt does not count. */
  stop(): Promise<void>
}

export interface JobRunnerOptions {
  catalogue: Catalogue
  run(job: Job, options: IngestOptions): Promise<FinishedIngest>
  /** Called whenever a job was done, for the upkeep of what it wrote to and of content that it replaced. */
  afterJob(job: Job, orphanedHashes: readonly string[]): Promise<void>
  /** Jobs at a time: one parses while another embeds. */
  concurrency: number
  log: Logger
  /** Until the catalogue is asked again, when it could not be read or when the disk was full. */
  retryMs?: number
}

/** Times that a job may be found interrupted before it is held to be what ends the program: a bad day has fewer. */
const mostAttempts = 20

/**
 * Runs the queued jobs of the catalogue, oldest first. Jobs survive the process: the catalogue is their only truth, and
 * what a process that is gone left running is queued again by `requeueInterruptedJobs`.
 */
export function jobRunner({
  catalogue,
  run,
  afterJob,
  concurrency,
  log,
  retryMs = 5_000,
}: JobRunnerOptions): JobRunner {
  const running = new Map<string, { job: Job; controller: AbortController; ended: Promise<void> }>()
  const changes = new EventEmitter().setMaxListeners(0)
  const shutdown = new AbortController()
  let filling: Promise<void> | null = null
  let wokenMeanwhile = false

  const publish = (job: Job) => changes.emit(job.id, job)

  async function fill(): Promise<void> {
    do {
      wokenMeanwhile = false
      while (running.size < concurrency && !shutdown.signal.aborted) {
        const job = await catalogue.claimJob()
        if (!job) break
        const controller = new AbortController()
        const ended = runOne(job, controller.signal).finally(() => {
          running.delete(job.id)
          wake()
        })
        running.set(job.id, { job, controller, ended })
      }
    } while (wokenMeanwhile)
  }

  function wake(): void {
    if (shutdown.signal.aborted) return
    wokenMeanwhile = true
    filling ??= fill()
      .catch((error: unknown) => {
        log.error({ error: String(error) }, 'the job queue cannot be read')
        setTimeout(wake, retryMs).unref()
      })
      .finally(() => {
        filling = null
        if (wokenMeanwhile) wake()
      })
  }

  async function runOne(job: Job, cancelled: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([cancelled, shutdown.signal])
    publish(job)
    try {
      // It may have been claimed while the program was stopping.
      signal.throwIfAborted()
      if (job.attempts > mostAttempts) {
        throw new InkstoneError(
          'parse_failed',
          `given up: the program ended ${mostAttempts} times while reading this file`,
        )
      }
      await complete(job, signal)
    } catch (thrown) {
      // A cancelled or interrupted job is already what it has to be: ended by its canceller, or run again at the next start.
      if (signal.aborted) return
      const error = toInkstoneError(thrown)
      log.warn({ jobId: job.id, sourceUri: job.sourceUri, ...error.toProblem() }, 'document was not read')
      await fail(job, { error, signal })
    }
  }

  /**
   * Writes how a job ended. On a full disk it waits for room: an outcome that got lost would leave the job running, and
   * its document locked, until the next start.
   */
  async function written<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (toInkstoneError(error).code !== 'storage_full') throw error
        log.error({ retryMs }, 'the disk is full: the outcome of a job waits to be stored')
        await delay(retryMs, undefined, { signal })
      }
    }
  }

  async function complete(job: Job, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const progress = progressReporter(job, catalogue, publish)
    const finished = await run(job, { signal, onProgress: progress.report })
    await progress.settled()
    const { job: done, orphanedHashes } = await written(() => catalogue.finishJob(job.id, finished), signal)
    const seconds = Math.round(performance.now() - started) / 1000
    const { id: jobId, documentId } = job
    log.info({ jobId, documentId, chunks: finished.chunkCount, seconds }, 'document is searchable')
    publish(done)
    await afterJob(done, orphanedHashes).catch((error: unknown) => {
      log.error({ jobId, error: String(error) }, 'the upkeep after a job failed')
    })
  }

  async function fail(job: Job, { error, signal }: { error: InkstoneError; signal: AbortSignal }): Promise<void> {
    try {
      publish((await written(() => catalogue.failJob(job.id, error.toProblem()), signal)).job)
    } catch (second) {
      if (signal.aborted) return
      log.error({ jobId: job.id, error: String(second) }, 'the failure of a job could not be stored')
    }
  }

  async function cancel(jobId: string): Promise<Job> {
    // The work ends first: until the catalogue hears of it, no other job of the document can begin.
    const active = running.get(jobId)
    active?.controller.abort(new InkstoneError('cancelled', 'the job was cancelled'))
    await active?.ended
    const job = await catalogue.cancelJob(jobId)
    publish(job)
    return job
  }

  async function announceEnded(): Promise<void> {
    // Whoever listens for one event of an emitter also listens for its errors.
    const watched = changes.eventNames().filter((name) => typeof name === 'string' && name !== 'error')
    for (const jobId of watched.map(String)) {
      const job = await catalogue.getJob(jobId).catch(() => null)
      if (job === null || hasEnded(job)) changes.emit(jobId, job)
    }
  }

  return {
    wake,
    cancel,
    announceEnded,
    async interrupt(isMeant) {
      const meant = [...running.values()].filter(({ job }) => isMeant(job))
      for (const { controller } of meant) controller.abort(new InkstoneError('cancelled', 'the document was removed'))
      await Promise.all(meant.map(({ ended }) => ended))
      await announceEnded()
    },
    watch: (jobId, { signal } = {}) => watch(jobId, { catalogue, changes, signal: anyOf(signal, shutdown.signal) }),
    async stop() {
      shutdown.abort(new InkstoneError('cancelled', 'the program is stopping'))
      await filling
      await Promise.all([...running.values()].map(({ ended }) => ended))
      await catalogue
        .giveBackRunningJobs()
        .catch((error: unknown) => log.warn({ error: String(error) }, 'running jobs are queued at the next start only'))
    },
  }
}

/** Writes progress behind the work: the newest change is stored, those that pile up meanwhile are passed over. */
function progressReporter(job: Job, catalogue: Catalogue, publish: (job: Job) => void) {
  type Change = Parameters<IngestOptions['onProgress']>[0]
  let next: Change | null = null
  let writing: Promise<void> | null = null
  async function write(): Promise<void> {
    while (next !== null) {
      const change = next
      next = null
      publish(await catalogue.updateJob(job.id, change))
    }
  }
  return {
    report(change: Change): void {
      next = change
      // Progress is a courtesy: a change that cannot be stored must not end the job.
      writing ??= write()
        .catch(() => undefined)
        .finally(() => {
          writing = null
        })
    },
    async settled(): Promise<void> {
      await writing
    },
  }
}

async function* watch(
  jobId: string,
  { catalogue, changes, signal }: { catalogue: Catalogue; changes: EventEmitter; signal: AbortSignal },
): AsyncIterable<Job> {
  // Listening starts before the job is read, so that no change falls between.
  const closed = new AbortController()
  try {
    const updates = on(changes, jobId, { signal: AbortSignal.any([signal, closed.signal]) })
    let job = await catalogue.getJob(jobId)
    yield job
    while (!hasEnded(job)) {
      const next = await updates.next()
      if (next.done) return
      // Null: it is no longer in the catalogue, which says so itself.
      job = next.value[0] ?? (await catalogue.getJob(jobId))
      yield job
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    closed.abort()
  }
}

function hasEnded({ status }: Job): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled'
}

function anyOf(signal: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return signal ? AbortSignal.any([signal, other]) : other
}
