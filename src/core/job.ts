import type { Document } from './types.js'

export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type JobStage =
  | 'queued'
  | 'parsing'
  | 'recognising'
  | 'chunking'
  | 'embedding'
  | 'indexing'
  | 'done'
  | 'failed'
  | 'cancelled'
/** What a person waits for goes before what a folder sync brings. */
export type JobPriority = 'interactive' | 'background'

/** The ingest of one document. It survives the process: what was queued or running is run again at the next start. */
export interface Job {
  id: string
  knowledgeBaseId: string
  documentId: string
  /** The revision of the document that this job makes, and the content it is made from. */
  revision: number
  contentHash: string
  sourceUri: string
  status: JobStatus
  stage: JobStage
  priority: JobPriority
  /** Share of the stage that is done, 0 to 1. */
  progress: number
  /** Pages read or recognised so far, of all; null while unknown and where the format has none. */
  pages: { done: number; total: number } | null
  /** Estimate until it is searchable, the jobs before it included; null while there is nothing to go by. */
  etaSeconds: number | null
  /** A queued job that failed by something that passes is not run again before this time. */
  notBefore: string | null
  documents: { total: number; done: number; failed: number }
  warnings: string[]
  error: Problem | null
  attempts: number
  createdAt: string
  updatedAt: string
}

/** An error as a value: a code for programs, a sentence for people and, where there is one, a remedy. */
export interface Problem {
  code: string
  message: string
  remedy?: string
}

/**
 * What became of a file that was handed in. `unchanged`: its content is already stored under its name (whether that
 * was readable is the document's status). `duplicate`: another document of the knowledge base has the same content.
 */
export type Submission =
  | { outcome: 'created' | 'updated'; document: Document; job: Job }
  | { outcome: 'unchanged' | 'duplicate'; document: Document; job: Job | null }
