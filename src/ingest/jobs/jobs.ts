import { setTimeout as delay } from 'node:timers/promises'
import type { Catalogue, FinishedIngest } from '../../core/catalogue.js'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import type { Job } from '../../core/job.js'
import type { Logger } from '../../core/ports.js'
import type { IngestOptions } from '../pipeline.js'
import { jobForecast } from './job-forecast.js'
import { progressReporter } from './job-progress.js'
import { retryDelayMs } from './job-retry.js'
import { jobChanges } from './job-watch.js'

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
  /** A job as the catalogue has it, and when it is queued, how long it still takes with those before it. */
  withEta(job: Job): Promise<Job>
  /** Stops at once: what was running is queued again for the next start, and the attempt does not count. */
  stop(): Promise<void>
}

export interface JobRunnerOptions {
  catalogue: Catalogue
  run(job: Job, options: IngestOptions): Promise<FinishedIngest>
  /** Called whenever a job was done, for the upkeep of content that it replaced. */
  afterJob(job: Job, orphanedHashes: readonly string[]): Promise<void>
  /**
   * Jobs at a time: one parses while another embeds. Of two or more, one place is kept for jobs that a person waits
   * for: background jobs never take them all.
   */
  concurrency: number
  /** Called whenever no job is at work any more, whether or not some wait to be stored. */
  onQuiet?(): void
  log: Logger
  /** Until the catalogue is asked again, when it could not be read or when the disk was full. */
  retryMs?: number
  /** From 0 to below 1: spreads the attempts of jobs that failed together. */
  random?: () => number
}

/**
 * Times that a job may be found interrupted before it is held to be what ends the program. Files are read in processes
 * of their own, so it hardly ever is: a document that takes long must outlive a bad day of kills.
 */
const mostAttempts = 50
/** Jobs that wait to be stored hold their chunks: background jobs that would join them wait. */
const mostHandedOver = 64
/** The clock may be set, and the machine may sleep: nobody waits longer for a postponed job than this. */
const longestSleepMs = 60_000

/**
 * Runs the queued jobs of the catalogue, in the order in which it gives them out. Jobs survive the process: the
 * catalogue is their only truth, and what a process that is gone left running is queued again by
 * `requeueInterruptedJobs`. A job that failed by something that passes is run again later (`retryDelayMs`).
 */
export function jobRunner({
  catalogue,
  run,
  afterJob,
  concurrency,
  onQuiet = () => undefined,
  log,
  retryMs = 5_000,
  random = Math.random,
}: JobRunnerOptions): JobRunner {
  const running = new Map<string, { job: Job; controller: AbortController; ended: Promise<void> }>()
  /** Those of them that have left their place: others are at work while they wait to be stored. */
  const handedOver = new Set<string>()
  const isRunning = (jobId: string) => running.has(jobId)
  const forecast = jobForecast({ catalogue, isRunning })
  const changes = jobChanges({ getJob: async (jobId) => forecast.withEta(await catalogue.getJob(jobId)) })
  const shutdown = new AbortController()
  let filling: Promise<void> | null = null
  let wokenMeanwhile = false
  let alarm: NodeJS.Timeout | undefined

  const atWork = () => [...running.values()].flatMap(({ job }) => (handedOver.has(job.id) ? [] : job))

  function hasRoomForBackground(): boolean {
    const background = atWork().filter(({ priority }) => priority === 'background')
    return background.length < Math.max(1, concurrency - 1) && handedOver.size < mostHandedOver
  }

  async function fill(): Promise<void> {
    do {
      wokenMeanwhile = false
      while (atWork().length < concurrency && !shutdown.signal.aborted) {
        const job = await catalogue.claimJob({ onlyInteractive: !hasRoomForBackground() })
        if (!job) break
        const controller = new AbortController()
        const ended = runOne(job, controller.signal).finally(() => {
          running.delete(job.id)
          handedOver.delete(job.id)
          wake()
        })
        running.set(job.id, { job, controller, ended })
      }
    } while (wokenMeanwhile)
    if (atWork().length === 0 && !shutdown.signal.aborted) onQuiet()
    await sleepUntilDue()
  }

  /** Where every place is taken, the next job that ends looks for postponed ones. */
  async function sleepUntilDue(): Promise<void> {
    if (atWork().length >= concurrency || shutdown.signal.aborted) return
    const due = await catalogue.nextJobAt()
    if (due === null) return
    const waitMs = due.getTime() - Date.now()
    // One whose time has come was not given out: something that runs is in its way, or the clocks differ by a moment.
    setAlarm(waitMs < 0 ? retryMs : Math.min(waitMs + 1, longestSleepMs))
  }

  function setAlarm(afterMs: number): void {
    clearTimeout(alarm)
    if (!shutdown.signal.aborted) alarm = setTimeout(wake, afterMs)
  }

  function wake(): void {
    if (shutdown.signal.aborted) return
    wokenMeanwhile = true
    filling ??= fill()
      .catch((error: unknown) => {
        log.error({ error: String(error) }, 'the job queue cannot be read')
        setAlarm(retryMs)
      })
      .finally(() => {
        filling = null
        if (wokenMeanwhile) wake()
      })
  }

  async function runOne(job: Job, cancelled: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([cancelled, shutdown.signal])
    changes.publish(job)
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
      await setBack(job, { error: toInkstoneError(thrown), signal })
    }
  }

  async function complete(job: Job, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const estimate = forecast.begin(job)
    const progress = progressReporter(job, { catalogue, estimate: estimate.advance, publish: tell })
    try {
      const onHandedOver = () => {
        handedOver.add(job.id)
        wake()
      }
      const finished = await run(job, { signal, onProgress: progress.report, onHandedOver })
      await progress.settled()
      const { job: done, orphanedHashes } = await written(() => catalogue.finishJob(job.id, finished), signal)
      const seconds = Math.round(performance.now() - started) / 1000
      const { id: jobId, documentId } = job
      log.info({ jobId, documentId, chunks: finished.chunkCount, seconds }, 'document is searchable')
      estimate.end({ isDone: true })
      changes.publish(done)
      await afterJob(done, orphanedHashes).catch((error: unknown) => {
        log.error({ jobId, error: String(error) }, 'the upkeep after a job failed')
      })
    } finally {
      estimate.end({ isDone: false })
    }
  }

  /** Postpones the job when another attempt may succeed, ends it otherwise. */
  async function setBack(job: Job, { error, signal }: { error: InkstoneError; signal: AbortSignal }): Promise<void> {
    const problem = error.toProblem()
    const delayMs = retryDelayMs(error.code, job.attempts, { random })
    const fields = { jobId: job.id, sourceUri: job.sourceUri, ...problem }
    if (delayMs === null) log.warn(fields, 'document was not read')
    else log.warn({ ...fields, attempts: job.attempts, delayMs }, 'document was not read: it will be tried again')
    const write = async () => {
      if (delayMs === null) return (await catalogue.failJob(job.id, problem)).job
      return catalogue.postponeJob(job.id, { notBefore: new Date(Date.now() + delayMs), problem })
    }
    try {
      changes.publish(await written(write, signal))
    } catch (second) {
      if (signal.aborted) return
      log.error({ jobId: job.id, error: String(second) }, 'the failure of a job could not be stored')
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

  /** As one job comes on, those behind it come nearer. */
  function tell(job: Job): void {
    changes.publish(job)
    forecast.queued(changes.watched()).then(
      (jobs) => jobs.forEach(changes.publish),
      () => undefined,
    )
  }

  async function cancel(jobId: string): Promise<Job> {
    // The work ends first: until the catalogue hears of it, no other job of the document can begin.
    const active = running.get(jobId)
    active?.controller.abort(new InkstoneError('cancelled', 'the job was cancelled'))
    await active?.ended
    const job = await catalogue.cancelJob(jobId)
    changes.publish(job)
    return job
  }

  return {
    wake,
    cancel,
    announceEnded: changes.announceEnded,
    withEta: forecast.withEta,
    async interrupt(isMeant) {
      const meant = [...running.values()].filter(({ job }) => isMeant(job))
      for (const { controller } of meant) controller.abort(new InkstoneError('cancelled', 'the document was removed'))
      await Promise.all(meant.map(({ ended }) => ended))
      await changes.announceEnded()
    },
    watch: (jobId, { signal } = {}) => changes.watch(jobId, { signal: anyOf(signal, shutdown.signal) }),
    async stop() {
      shutdown.abort(new InkstoneError('cancelled', 'the program is stopping'))
      clearTimeout(alarm)
      await filling
      await Promise.all([...running.values()].map(({ ended }) => ended))
      await catalogue
        .giveBackRunningJobs()
        .catch((error: unknown) => log.warn({ error: String(error) }, 'running jobs are queued at the next start only'))
    },
  }
}

function anyOf(signal: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return signal ? AbortSignal.any([signal, other]) : other
}
