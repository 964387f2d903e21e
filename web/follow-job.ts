import type { Job } from '../src/core/job.js'
import { ApiError } from './api-error.js'

const retryAfterMs = 2000
const maxTries = 30

/**
 * Follows a job to its end and returns it as it ended. A stream that breaks off is opened again for about a minute,
 * because a server may be restarted while a job waits.
 * @throws ApiError when the job is gone or the server stays out of reach
 */
export async function followJob(
  api: { watchJob(id: string): AsyncIterable<Job> },
  job: Job,
  onChange: (job: Job) => void,
  { waitMs = retryAfterMs }: { waitMs?: number } = {},
): Promise<Job> {
  let latest = job
  for (let tries = 1; !hasEnded(latest); tries += 1) {
    try {
      for await (const now of api.watchJob(job.id)) {
        latest = now
        tries = 0
        onChange(now)
      }
    } catch (error) {
      const mayReturn = error instanceof ApiError ? error.problem.code === 'unreachable' : true
      if (!mayReturn || tries >= maxTries) throw error
    }
    if (tries >= maxTries) throw new ApiError({ code: 'unreachable', message: 'the job cannot be followed' })
    if (!hasEnded(latest)) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  return latest
}

/** Whether nothing more will happen to a job. */
export function hasEnded(job: Job): boolean {
  return job.status === 'done' || job.status === 'failed' || job.status === 'cancelled'
}
