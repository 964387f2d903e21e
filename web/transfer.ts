import type { Job, Problem } from '../src/core/job.js'
import type { Document } from '../src/core/types.js'

type TransferState = 'waiting' | 'uploading' | 'ingesting' | 'done' | 'unchanged' | 'duplicate' | 'failed'

/** A file on its way from the user's disk to being searchable. */
export interface Transfer {
  key: string
  fileName: string
  state: TransferState
  /** Share of the bytes that were sent, 0 to 1. */
  sentRatio: number
  job: Job | null
  document: Document | null
  problem: Problem | null
}

/** A file that nothing has happened to yet. */
export function newTransfer(key: string, fileName: string): Transfer {
  return {
    key,
    fileName,
    state: 'waiting',
    sentRatio: 0,
    job: null,
    document: null,
    problem: null,
  }
}

/** Whether a transfer still has something to come. */
export function isUnderWay(transfer: Transfer): boolean {
  return transfer.state === 'waiting' || transfer.state === 'uploading' || transfer.state === 'ingesting'
}

/** Whether the transfer tells all there is to tell of its document, which was never readable so far. */
export function standsFor(transfer: Transfer): Document | null {
  const isTold = transfer.state === 'ingesting' || transfer.state === 'failed'
  return isTold && transfer.document?.revision === 0 ? transfer.document : null
}
