import type { ErrorCode } from '../../core/errors.js'

/** How a job that failed is tried again. */
interface Backoff {
  /** Attempts in all, the first one included. */
  attempts: number
  /** The longest wait before the second attempt; it doubles with each further one. */
  firstMs: number
  longestMs: number
}

/** A server that is down or a disk that is full: waited for through a night. */
const outage: Backoff = { attempts: 20, firstMs: 5_000, longestMs: 3_600_000 }
/** What nobody can explain, such as an I/O error, may be gone in a moment. If it is not, it is a fault of ours. */
const accident: Backoff = { attempts: 4, firstMs: 2_000, longestMs: 60_000 }

/** What is wrong with a file stays wrong however often it is read: those codes are not here. */
const passing: { readonly [code in ErrorCode]?: Backoff } = {
  embedding_failed: outage,
  model_missing: outage,
  model_corrupt: outage,
  storage_full: outage,
  internal: accident,
  ocr_failed: accident,
}

/**
 * How long a failed job waits for its next attempt, in milliseconds; null when another one could only fail again.
 * Exponential backoff with full jitter: jobs that failed together do not come back together (Brooker, "Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempts how often the job was begun so far, at least 1
 * @param random a number from 0 to below 1
 */
export function retryDelayMs(
  code: ErrorCode,
  attempts: number,
  { random = Math.random }: { random?: () => number } = {},
): number | null {
  const backoff = passing[code]
  if (backoff === undefined || attempts >= backoff.attempts) return null
  const ceilingMs = Math.min(backoff.longestMs, backoff.firstMs * 2 ** (attempts - 1))
  return Math.round(random() * ceilingMs)
}
