import type { JobStage } from '../../core/job.js'

export interface WorkClock {
  /** From now on it is in this stage. */
  enter(stage: JobStage): void
  /** To the millisecond. */
  seconds(): number
}

/** Waiting for one's turn, or for others to be stored with, is no work: the time would say nothing of the file. */
const waiting: ReadonlySet<JobStage> = new Set(['queued', 'indexing', 'done', 'failed', 'cancelled'])

/** Measures how long a file was worked on, from its being handed in until its text was embedded. */
export function workClock({ now = () => performance.now() }: { now?: () => number } = {}): WorkClock {
  let workedMs = 0
  let since: number | null = now()
  const pause = () => {
    if (since !== null) workedMs += now() - since
    since = null
  }
  return {
    enter(stage) {
      pause()
      if (!waiting.has(stage)) since = now()
    },
    seconds() {
      return Math.round(workedMs + (since === null ? 0 : now() - since)) / 1000
    },
  }
}
