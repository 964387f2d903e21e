import type { Catalogue, JobProgress } from '../../core/catalogue.js'
import type { Job } from '../../core/job.js'
import { jobEstimator } from './job-eta.js'
import { queueOrder } from './queue-order.js'

export interface JobForecast {
  /** A job starts to run. */
  begin(job: Job): {
    /** Seconds until it is searchable; null while there is nothing to go by. */
    advance(change: Omit<JobProgress, 'etaSeconds'>): number | null
    /** Only the first call counts. */
    end(outcome: { isDone: boolean }): void
  }
  /** A queued job gets its estimate; any other stays as it is. */
  withEta(job: Job): Promise<Job>
  /** Those of the jobs that are queued, with new estimates; none when they were asked for a moment ago. */
  queued(jobIds: readonly string[]): Promise<Job[]>
}

/** Estimates of queued jobs are told to those who watch no more often than this. */
const tellEveryMs = 2_000

/** What the estimator says, by this process's clock and the catalogue's queue. */
export function jobForecast({
  catalogue,
  isRunning,
}: {
  catalogue: Pick<Catalogue, 'getDocument' | 'getJob' | 'listJobs'>
  isRunning(jobId: string): boolean
}): JobForecast {
  const estimator = jobEstimator()
  const order = queueOrder(catalogue)
  const now = () => performance.now() / 1000
  let toldAtMs = Number.NEGATIVE_INFINITY

  async function withEta(job: Job): Promise<Job> {
    if (job.status !== 'queued') return job
    const waitSeconds = job.notBefore === null ? 0 : Math.max(0, (Date.parse(job.notBefore) - Date.now()) / 1000)
    // A postponed job has the queue behind it when its time comes: it has more attempts than the others.
    const jobsBefore = waitSeconds > 0 ? 0 : await order.jobsBefore(job.id)
    const seconds = estimator.queued(jobsBefore ?? 0, now())
    return { ...job, etaSeconds: seconds === null ? null : Math.round(waitSeconds) + seconds }
  }

  return {
    begin({ id, documentId }) {
      estimator.begin(id, now())
      // The work does not wait for its estimate, and a document that is gone has none.
      catalogue.getDocument(documentId).then(
        ({ sizeBytes }) => estimator.weigh(id, sizeBytes),
        () => undefined,
      )
      return {
        advance: (change) => estimator.advance(id, change, now()),
        end: ({ isDone }) => estimator.end(id, { isDone, atSeconds: now() }),
      }
    },
    withEta,
    async queued(jobIds) {
      const waiting = jobIds.filter((jobId) => !isRunning(jobId))
      if (waiting.length === 0 || performance.now() - toldAtMs < tellEveryMs) return []
      toldAtMs = performance.now()
      const jobs = await Promise.all(waiting.map(async (jobId) => withEta(await catalogue.getJob(jobId))))
      return jobs.filter(({ id, status }) => status === 'queued' && !isRunning(id))
    },
  }
}
