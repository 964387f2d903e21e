import type { JobStage, Problem } from '../core/types.js'

export type FileOutcome = 'added' | 'updated' | 'unchanged' | 'duplicate' | 'removed' | 'failed'

/** What became of one file. `code`, `message` and `remedy` say why it failed. */
export interface FileEvent {
  type: 'file'
  /** Absolute, with forward slashes: the sourceUri of the file. */
  path: string
  outcome: FileOutcome
  code?: string
  message?: string
  remedy?: string
  /** Null where the format has no pages, and for files that were not read. */
  pages: number | null
  chunks: number
  seconds: number
  /** What could not be read of a file that went in. */
  warnings: string[]
}

export interface ProgressEvent {
  type: 'progress'
  path: string
  stage: JobStage
  /** Share of the stage that is done, 0 to 1. */
  progress: number
}

export interface PlannedEvent {
  type: 'planned'
  dryRun: boolean
  counts: SyncCounts
  /** Of all files found. */
  sizeBytes: number
}

export interface SyncCounts {
  found: number
  new: number
  changed: number
  unchanged: number
  /** Unchanged, and could not be read before. */
  failedBefore: number
  /** Files and folders that could not be looked at. */
  unreadable: number
  /** Sources below a root whose file is no longer there. */
  gone: number
}

export type SyncEvent = PlannedEvent | ProgressEvent | FileEvent

/** A file event; what is left out was not measured. */
export function fileEvent(
  path: string,
  outcome: FileOutcome,
  details: {
    problem?: Problem | null
    pages?: number | null
    chunks?: number
    seconds?: number
    warnings?: string[]
  } = {},
): FileEvent {
  const { problem, pages = null, chunks = 0, seconds = 0, warnings = [] } = details
  return { type: 'file', path, outcome, ...problem, pages, chunks, seconds, warnings }
}
