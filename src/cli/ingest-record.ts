import type { FileEvent, SyncEvent } from '../ingest/sync/sync-events.js'
import { addToSummary, emptySummary, type IngestSummary } from './ingest-summary.js'

/** What an ingest did so far. */
export interface IngestRecord {
  startedAt: Date
  add(event: SyncEvent): void
  /** It came to its end. */
  end(): void
  isComplete(): boolean
  summary(): IngestSummary
  /** The last event of each file, in the order in which they were first told; none unless they are kept. */
  files(): Iterable<FileEvent>
}

/** @param options.keepsFiles keep the files for a report */
export function ingestRecord({ dryRun, keepsFiles }: { dryRun: boolean; keepsFiles: boolean }): IngestRecord {
  const startedAt = new Date()
  const began = performance.now()
  const files = new Map<string, FileEvent>()
  let summary = emptySummary({ dryRun })
  let hasEnded = false
  return {
    startedAt,
    add(event) {
      summary = addToSummary(summary, event)
      if (event.type !== 'file' || !keepsFiles) return
      files.set(event.path, event)
      if (event.from !== undefined) files.delete(event.from)
    },
    end() {
      hasEnded = true
    },
    isComplete: () => hasEnded,
    summary: () => ({ ...summary, seconds: Math.round(performance.now() - began) / 1000 }),
    files: () => files.values(),
  }
}
