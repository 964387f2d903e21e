import { EventEmitter, on } from 'node:events'
import type { Catalogue } from '../../core/catalogue.js'
import type { Job } from '../../core/job.js'

/** Tells those who watch jobs what becomes of them. */
export interface JobChanges {
  publish(job: Job): void
  /** The jobs that somebody watches. */
  watched(): string[]
  /** The job now and after each change, until it has ended or the signal fires. @throws InkstoneError `job_not_found` */
  watch(jobId: string, options: { signal: AbortSignal }): AsyncIterable<Job>
  /** Looks which of the watched jobs the catalogue has ended or removed, and tells. */
  announceEnded(): Promise<void>
}

/** @param getJob the job as those who watch are to see it */
export function jobChanges({ getJob }: Pick<Catalogue, 'getJob'>): JobChanges {
  const changes = new EventEmitter().setMaxListeners(0)
  // Whoever listens for one event of an emitter also listens for its errors.
  const watched = () =>
    changes.eventNames().flatMap((name) => (typeof name === 'string' && name !== 'error' ? name : []))
  return {
    publish: (job) => {
      changes.emit(job.id, job)
    },
    watched,
    watch: (jobId, { signal }) => watch(jobId, { getJob, changes, signal }),
    async announceEnded() {
      for (const jobId of watched()) {
        const job = await getJob(jobId).catch(() => null)
        if (job === null || hasEnded(job)) changes.emit(jobId, job)
      }
    },
  }
}

async function* watch(
  jobId: string,
  { getJob, changes, signal }: Pick<Catalogue, 'getJob'> & { changes: EventEmitter; signal: AbortSignal },
): AsyncIterable<Job> {
  // Listening starts before the job is read, so that no change falls between.
  const closed = new AbortController()
  try {
    const updates = on(changes, jobId, { signal: AbortSignal.any([signal, closed.signal]) })
    let job = await getJob(jobId)
    yield job
    while (!hasEnded(job)) {
      const next = await updates.next()
      if (next.done) return
      // Null: it is no longer in the catalogue, which says so itself.
      job = next.value[0] ?? (await getJob(jobId))
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
