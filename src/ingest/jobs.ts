import { EventEmitter, on } from 'node:events'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Catalogue, FinishedIngest, Logger } from '../core/ports.js'
import type { Job } from '../core/types.js'
import type { IngestOptions } from './pipeline.js'

export interface JobRunner {
  /** Looks for queued jobs; call it after one was added. */
  wake(): void
  /** Resolves when the job has stopped. @throws InkstoneError `job_not_found`, `conflict` when it has ended */
  cancel(jobId: string): Promise<Job>
  /** Stops the work on jobs that the catalogue has given up. Resolves when it has stopped. */
  interrupt(isMeant: (job: Job) => boolean): Promise<void>
  /** The job now and after each change, until it has ended. */
  watch(jobId: string, options?: { signal?: AbortSignal }): AsyncIterable<Job>
  /** Stops at once: what was running is queued again for the next start. */
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
}

/** Times that a job may be found interrupted before it is held to be what ends the program: a bad day has fewer. */
const mostAttempts = 20

/**
 * Runs the queued jobs of the catalogue, oldest first. Jobs survive the process: the catalogue is their only truth, and
 * what a process that is gone left running is queued again by `requeueInterruptedJobs`.
 */
export function jobRunner({ catalogue, run, afterJob, concurrency, log }: JobRunnerOptions): JobRunner {
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
      .catch((error: unknown) => log.error({ error: String(error) }, 'the job queue cannot be read'))
      .finally(() => {
        filling = null
      })
  }

  async function runOne(job: Job, cancelled: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([cancelled, shutdown.signal])
    publish(job)
    try {
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
      await fail(job, error)
    }
  }

  async function complete(job: Job, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const progress = progressReporter(job, catalogue, publish)
    const finished = await run(job, { signal, onProgress: progress.report })
    await progress.settled()
    const { job: done, orphanedHashes } = await catalogue.finishJob(job.id, finished)
    const seconds = Math.round(performance.now() - started) / 1000
    const { id: jobId, documentId } = job
    log.info({ jobId, documentId, chunks: finished.chunkCount, seconds }, 'document is searchable')
    publish(done)
    await afterJob(done, orphanedHashes).catch((error: unknown) => {
      log.error({ jobId, error: String(error) }, 'the upkeep after a job failed')
    })
  }

  async function fail(job: Job, error: InkstoneError): Promise<void> {
    try {
      publish((await catalogue.failJob(job.id, error.toProblem())).job)
    } catch (second) {
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

  return {
    wake,
    cancel,
    async interrupt(isMeant) {
      const meant = [...running.values()].filter(({ job }) => isMeant(job))
      for (const { controller } of meant) controller.abort(new InkstoneError('cancelled', 'the document was removed'))
      await Promise.all(meant.map(({ ended }) => ended))
    },
    watch: (jobId, { signal } = {}) => watch(jobId, { catalogue, changes, signal: anyOf(signal, shutdown.signal) }),
    async stop() {
      shutdown.abort(new InkstoneError('cancelled', 'the program is stopping'))
      await filling
      await Promise.all([...running.values()].map(({ ended }) => ended))
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
  const updates = on(changes, jobId, { signal: AbortSignal.any([signal, closed.signal]) })
  try {
    let job = await catalogue.getJob(jobId)
    yield job
    while (!hasEnded(job)) {
      const next = await updates.next()
      if (next.done) return
      job = next.value[0]
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
