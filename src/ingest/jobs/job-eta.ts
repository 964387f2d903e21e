import type { Job } from '../../core/job.js'
import { newPace, type Pace } from './pace.js'

export interface JobEstimator {
  /** A job starts to run. Times count in seconds on any clock that never goes back. */
  begin(jobId: string, atSeconds: number): void
  /** How large a running job's file is. */
  weigh(jobId: string, sizeBytes: number): void
  /** How far it has come. Returns the whole seconds until it is searchable; null while there is nothing to go by. */
  advance(jobId: string, change: Pick<Job, 'stage' | 'progress' | 'pages'>, atSeconds: number): number | null
  /** It runs no more. Only of jobs that came to their end is something learned of the stages. */
  end(jobId: string, outcome: { isDone: boolean; atSeconds: number }): void
  /** Seconds until a job is searchable that waits behind `jobsBefore` others and those that run. */
  queued(jobsBefore: number, atSeconds: number): number | null
}

/** The stages of work in their order. */
const stages = ['parsing', 'recognising', 'chunking', 'embedding', 'indexing'] as const
type Stage = (typeof stages)[number]
/** Without an idea of these there is none of the whole; the others are brief, or not needed for most documents. */
const tellingStages: readonly Stage[] = ['parsing', 'embedding']

/** What counts of the jobs before, with each one that ends: about the last ten set the pace. */
const keptPerJob = 0.9
/** Within a stage the last half minute sets the pace: it changes when other jobs come and go. */
const paceSeconds = 30
/** The smallest files have their cost as well. */
const leastBytes = 4_096

interface Running {
  sizeBytes: number
  pageCount: number | null
  stage: Stage | null
  stageSince: number
  progress: number
  progressAt: number
  pace: Pace
  spent: Map<Stage, number>
}

/**
 * Estimates how long jobs still take, from what this process measured: in its current stage a job's own pace, for the
 * stages to come the seconds per page or byte of the jobs before, for those in the queue the seconds per job.
 */
export function jobEstimator(): JobEstimator {
  const running = new Map<string, Running>()
  const history = stageHistory()
  const perJob = newPace()
  let busySince = 0

  function remaining(job: Running): number | null {
    if (job.stage === null) return null
    let seconds = 0
    for (const stage of stages.slice(stages.indexOf(job.stage))) {
      const own = stage === job.stage ? job.pace.secondsPerUnit() : null
      const whole = own ?? history.expected(stage, job)
      if (whole === null && tellingStages.includes(stage)) return null
      seconds += (whole ?? 0) * (stage === job.stage ? 1 - job.progress : 1)
    }
    return wholeSeconds(seconds)
  }

  return {
    begin(jobId, atSeconds) {
      if (running.size === 0) busySince = atSeconds
      running.set(jobId, newRunning(atSeconds))
    },
    weigh(jobId, sizeBytes) {
      const job = running.get(jobId)
      if (job !== undefined) job.sizeBytes = Math.max(leastBytes, sizeBytes)
    },
    advance(jobId, { stage, progress, pages }, atSeconds) {
      const job = running.get(jobId)
      if (job === undefined) return null
      // While text is recognised they count the pictures.
      if (stage !== 'recognising' && pages !== null && pages.total > 0) job.pageCount = pages.total
      const working = stages.find((each) => each === stage) ?? null
      if (working === job.stage) goOn(job, { progress, atSeconds })
      else enter(job, { stage: working, progress, atSeconds })
      return remaining(job)
    },
    end(jobId, { isDone, atSeconds }) {
      const job = running.get(jobId)
      if (job === undefined) return
      running.delete(jobId)
      enter(job, { stage: null, progress: 0, atSeconds })
      if (isDone) history.learn(job)
      perJob.add(atSeconds - busySince, { units: 1, kept: keptPerJob })
      busySince = atSeconds
    },
    queued(jobsBefore, atSeconds) {
      const secondsPerJob = perJob.secondsPerUnit({ pending: running.size === 0 ? 0 : atSeconds - busySince })
      // Those that run are half done on the average.
      return secondsPerJob === null ? null : wholeSeconds((jobsBefore + running.size / 2 + 1) * secondsPerJob)
    },
  }
}

/** How long the stages of jobs took that came to their end. */
function stageHistory(): {
  learn(job: Running): void
  /** Seconds; null while no job has ended. */
  expected(stage: Stage, job: Running): number | null
} {
  const perByte = new Map(stages.map((stage) => [stage, newPace()]))
  const perPage = new Map(stages.map((stage) => [stage, newPace()]))
  return {
    learn({ spent, sizeBytes, pageCount }) {
      for (const stage of stages) {
        const seconds = spent.get(stage) ?? 0
        perByte.get(stage)?.add(seconds, { units: sizeBytes, kept: keptPerJob })
        if (pageCount !== null) perPage.get(stage)?.add(seconds, { units: pageCount, kept: keptPerJob })
      }
    },
    expected(stage, { sizeBytes, pageCount }) {
      const secondsPerPage = pageCount === null ? null : (perPage.get(stage)?.secondsPerUnit() ?? null)
      if (secondsPerPage !== null && pageCount !== null) return secondsPerPage * pageCount
      const secondsPerByte = perByte.get(stage)?.secondsPerUnit() ?? null
      return secondsPerByte === null ? null : secondsPerByte * sizeBytes
    },
  }
}

function newRunning(atSeconds: number): Running {
  return {
    sizeBytes: leastBytes,
    pageCount: null,
    stage: null,
    stageSince: atSeconds,
    progress: 0,
    progressAt: atSeconds,
    pace: newPace(),
    spent: new Map(),
  }
}

function enter(
  job: Running,
  { stage, progress, atSeconds }: { stage: Stage | null; progress: number; atSeconds: number },
): void {
  if (job.stage !== null) {
    job.spent.set(job.stage, (job.spent.get(job.stage) ?? 0) + Math.max(0, atSeconds - job.stageSince))
  }
  job.stage = stage
  job.stageSince = atSeconds
  job.progress = progress
  job.progressAt = atSeconds
  job.pace = newPace()
}

/** A step that brought nothing is not forgotten: its time counts for the next one that does. */
function goOn(job: Running, { progress, atSeconds }: { progress: number; atSeconds: number }): void {
  const units = progress - job.progress
  if (units <= 0) return
  const seconds = Math.max(0, atSeconds - job.progressAt)
  job.pace.add(seconds, { units, kept: Math.exp(-seconds / paceSeconds) })
  job.progress = Math.min(1, progress)
  job.progressAt = atSeconds
}

function wholeSeconds(seconds: number): number {
  return Math.max(0, Math.round(seconds))
}
