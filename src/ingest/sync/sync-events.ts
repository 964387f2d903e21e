import type { JobStage, Problem } from '../../core/job.js'
import type { Document, Loss } from '../../core/types.js'

/**
 * What became of a file. `duplicate`: its content is stored already, under another name too. `moved`: its content is
 * stored, and the name it had is gone.
 */
export type FileOutcome = 'added' | 'updated' | 'unchanged' | 'duplicate' | 'moved' | 'removed' | 'failed'

/** What became of one file. `code`, `message` and `remedy` say why it failed. */
export interface FileEvent {
  type: 'file'
  /** The sourceUri of the file: absolute, with forward slashes. That of a file inside a file is `container!/name`. */
  path: string
  outcome: FileOutcome
  /** The path of the file that this one was found in, such as an archive. */
  container?: string
  /** The path that a file had before it moved. */
  from?: string
  code?: string
  message?: string
  remedy?: string
  /** Null where the format has no pages, and for files that were not read. */
  pages: number | null
  chunks: number
  tables: number
  /** Pages and pictures whose text was recognised. */
  ocr: number
  /** What could not be read of a file that went in. */
  losses: Loss[]
  /** What else people should know of how it was read. */
  warnings: string[]
  /** In which it was worked on: not those in which it waited for its turn, or to be stored together with others. */
  seconds: number
}

export interface ProgressEvent {
  type: 'progress'
  path: string
  stage: JobStage
  /** Share of the stage that is done, 0 to 1. */
  progress: number
  /** Pages read or recognised so far, of all; null where that is not known. */
  pages: { done: number; total: number } | null
  /** Estimate until it is searchable; null while there is nothing to go by. */
  etaSeconds: number | null
  /** Files inside it, while they are waited for. */
  members: { done: number; total: number } | null
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
  /** Not known by their path; those that have moved are not among them. */
  new: number
  changed: number
  moved: number
  unchanged: number
  /** Unchanged, and could not be read before. */
  failedBefore: number
  /** Files and folders that could not be looked at. */
  unreadable: number
  /** Files and folders that were passed over, by an ignore file or because nobody wants such files. */
  ignored: number
  /** Sources below a root whose file is no longer there, or no longer wanted. */
  gone: number
}

/** Something to know that is about no file. */
export interface NoticeEvent {
  type: 'notice'
  message: string
  remedy?: string
}

export type SyncEvent = PlannedEvent | ProgressEvent | FileEvent | NoticeEvent

/** A file event; what is left out was not measured. */
export function fileEvent(
  path: string,
  outcome: FileOutcome,
  details: Partial<Omit<FileEvent, 'type' | 'path' | 'outcome' | 'code' | 'message' | 'remedy'>> & {
    problem?: Problem | null
  } = {},
): FileEvent {
  const { problem, ...measured } = details
  const nothing = { pages: null, chunks: 0, tables: 0, ocr: 0, losses: [], warnings: [], seconds: 0 }
  return { type: 'file', path, outcome, ...problem, ...nothing, ...measured }
}

/** What a document says of its content. */
export function measuresOf(document: Document): Pick<FileEvent, 'pages' | 'chunks' | 'tables' | 'ocr' | 'losses'> {
  const { pageCount: pages, chunkCount: chunks, tableCount: tables, ocrCount: ocr, losses } = document
  return { pages, chunks, tables, ocr, losses }
}
