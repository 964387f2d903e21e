import type { Catalogue, JobProgress } from '../../core/catalogue.js'
import type { Job } from '../../core/job.js'
import type { IngestProgress } from '../pipeline.js'

export interface ProgressReporter {
  report(change: IngestProgress): void
  /** Resolves when what was reported last is stored. */
  settled(): Promise<void>
}

/**
 * Writes progress behind the work: the newest change is stored, those that pile up meanwhile are passed over. Pages
 * that a stage does not count stay as the stage before left them.
 */
export function progressReporter(
  job: Job,
  {
    catalogue,
    estimate,
    publish,
  }: {
    catalogue: Pick<Catalogue, 'updateJob'>
    /** Seconds until the job is searchable. */
    estimate(change: Omit<JobProgress, 'etaSeconds'>): number | null
    publish(job: Job): void
  },
): ProgressReporter {
  let next: JobProgress | null = null
  let writing: Promise<void> | null = null
  let lastPages: Job['pages'] = null
  async function write(): Promise<void> {
    while (next !== null) {
      const change = next
      next = null
      publish(await catalogue.updateJob(job.id, change))
    }
  }
  function start(): void {
    // Progress is a courtesy: a change that cannot be stored must not end the job.
    writing ??= write()
      .catch(() => undefined)
      .finally(() => {
        writing = null
        if (next !== null) start()
      })
  }
  return {
    report({ stage, progress, pages = lastPages }) {
      lastPages = pages
      const change = { stage, progress, pages }
      next = { ...change, etaSeconds: estimate(change) }
      start()
    },
    async settled() {
      while (writing !== null) await writing
    },
  }
}
