import type { FileOutcome, SyncEvent } from '../ingest/sync-events.js'

/** What an ingest did, counted. */
export interface IngestSummary {
  type: 'summary'
  dryRun: boolean
  outcomes: Record<FileOutcome, number>
  /** Failed files by error code. */
  failures: Record<string, number>
  pages: number
  chunks: number
  seconds: number
}

export function emptySummary({ dryRun }: { dryRun: boolean }): IngestSummary {
  const outcomes = { added: 0, updated: 0, unchanged: 0, duplicate: 0, removed: 0, failed: 0 }
  return { type: 'summary', dryRun, outcomes, failures: {}, pages: 0, chunks: 0, seconds: 0 }
}

/** The summary with one more event counted. Pages and chunks are those that this ingest made. */
export function addToSummary(summary: IngestSummary, event: SyncEvent): IngestSummary {
  if (event.type !== 'file') return summary
  const isNew = event.outcome === 'added' || event.outcome === 'updated'
  const code = event.code ?? 'internal'
  return {
    ...summary,
    outcomes: { ...summary.outcomes, [event.outcome]: summary.outcomes[event.outcome] + 1 },
    failures:
      event.outcome === 'failed'
        ? { ...summary.failures, [code]: (summary.failures[code] ?? 0) + 1 }
        : summary.failures,
    pages: summary.pages + (isNew ? (event.pages ?? 0) : 0),
    chunks: summary.chunks + (isNew ? event.chunks : 0),
  }
}
