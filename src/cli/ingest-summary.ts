import type { Loss } from '../core/types.js'
import type { FileEvent, FileOutcome, SyncEvent } from '../ingest/sync/sync-events.js'

/** What an ingest did, counted. Files inside files are counted as files. */
export interface IngestSummary {
  type: 'summary'
  dryRun: boolean
  outcomes: Record<FileOutcome, number>
  /** Failed files by error code. */
  failures: Record<string, number>
  /** Files that are in and of which something could not be read. */
  partlyRead: number
  /** What could not be read of files that are in, by kind. */
  losses: Partial<Record<Loss['kind'], number>>
  pages: number
  chunks: number
  tables: number
  /** Pages and pictures whose text was recognised. */
  ocr: number
  seconds: number
}

export function emptySummary({ dryRun }: { dryRun: boolean }): IngestSummary {
  const outcomes = { added: 0, updated: 0, unchanged: 0, duplicate: 0, moved: 0, removed: 0, failed: 0 }
  const made = { pages: 0, chunks: 0, tables: 0, ocr: 0 }
  return { type: 'summary', dryRun, outcomes, failures: {}, partlyRead: 0, losses: {}, ...made, seconds: 0 }
}

/** The summary with one more event counted. Pages, chunks, tables and recognised pages are those that this ingest made. */
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
    ...countedLosses(summary, event),
    pages: summary.pages + (isNew ? (event.pages ?? 0) : 0),
    chunks: summary.chunks + (isNew ? event.chunks : 0),
    tables: summary.tables + (isNew ? event.tables : 0),
    ocr: summary.ocr + (isNew ? event.ocr : 0),
  }
}

/** A document that has two names has its losses once. */
function countedLosses(
  { partlyRead, losses }: IngestSummary,
  event: FileEvent,
): Pick<IngestSummary, 'partlyRead' | 'losses'> {
  if (event.losses.length === 0 || event.outcome === 'duplicate') return { partlyRead, losses }
  const sum = { ...losses }
  for (const { kind, count } of event.losses) sum[kind] = (sum[kind] ?? 0) + count
  return { partlyRead: partlyRead + 1, losses: sum }
}
