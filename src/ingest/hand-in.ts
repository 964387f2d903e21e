import { createReadStream } from 'node:fs'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { InkstoneService } from '../core/service.js'
import type { Job, Submission } from '../core/types.js'
import { type FileEvent, type FileOutcome, fileEvent, type ProgressEvent } from './sync-events.js'

export interface HandInOptions {
  knowledgeBase: string
  /** Queue a file again whose same content could not be read before. */
  retryFailed: boolean
  signal: AbortSignal
}

const outcomes: Record<Submission['outcome'], FileOutcome> = {
  created: 'added',
  updated: 'updated',
  unchanged: 'unchanged',
  duplicate: 'duplicate',
}

/**
 * Hands a file in and follows its job to the end. The last event says what became of the file: a file that cannot be
 * read is a result.
 * @param sourceUri path of the file, with forward slashes
 * @throws InkstoneError `cancelled`, and what is wrong with the service rather than with the file, such as
 *   `storage_full`, `unauthorized` or `knowledge_base_not_found`
 */
export async function* handIn(
  service: InkstoneService,
  sourceUri: string,
  options: HandInOptions,
): AsyncGenerator<ProgressEvent | FileEvent> {
  const { knowledgeBase, signal } = options
  const startedAt = performance.now()
  const seconds = () => Math.round(performance.now() - startedAt) / 1000
  const bytes = createReadStream(sourceUri)
  let readError: unknown = null
  bytes.once('error', (error) => {
    readError = error
  })
  try {
    yield { type: 'progress', path: sourceUri, stage: 'queued', progress: 0 }
    const submission = await service.submit(knowledgeBase, { sourceUri, bytes }, { signal })
    const { document } = submission
    const again = options.retryFailed && submission.job === null && document.error !== null
    const begun = again ? await service.retry(document.id) : submission.job
    let job = begun
    if (begun !== null) {
      for await (job of service.watchJob(begun.id, { signal })) {
        yield { type: 'progress', path: sourceUri, stage: job.stage, progress: job.progress }
      }
    }
    signal.throwIfAborted()
    const outcome = outcomes[again ? (document.revision === 0 ? 'created' : 'updated') : submission.outcome]
    yield await finished(service, { sourceUri, outcome, job, documentId: document.id, seconds: seconds() })
  } catch (error) {
    if (signal.aborted) throw new InkstoneError('cancelled', 'the ingest was stopped', { cause: error })
    // A client may have wrapped it: the file's own word comes first.
    const known = readError === null ? toInkstoneError(error) : unreadableFile(readError)
    if (!isAboutTheFile(known)) throw known
    yield fileEvent(sourceUri, 'failed', { problem: known.toProblem(), seconds: seconds() })
  } finally {
    bytes.destroy()
  }
}

async function finished(
  service: InkstoneService,
  ended: { sourceUri: string; outcome: FileOutcome; job: Job | null; documentId: string; seconds: number },
): Promise<FileEvent> {
  const { sourceUri, outcome, job, documentId, seconds } = ended
  if (job?.status === 'failed') return fileEvent(sourceUri, 'failed', { problem: job.error, seconds })
  if (job?.status === 'cancelled') {
    const problem = { code: 'cancelled', message: 'its job was cancelled, or replaced by a newer one' }
    return fileEvent(sourceUri, 'failed', { problem, seconds })
  }
  const document = await service.getDocument(documentId)
  if (document.error !== null) return fileEvent(sourceUri, 'failed', { problem: document.error, seconds })
  const { pageCount: pages, chunkCount: chunks } = document
  return fileEvent(sourceUri, outcome, { pages, chunks, seconds, warnings: job?.warnings ?? [] })
}

/** One bad file stops nothing; when the service cannot work, no other file would fare better. */
function isAboutTheFile(error: InkstoneError): boolean {
  const ofTheFile: InkstoneError['code'][] = [
    'payload_too_large',
    'unsupported_media_type',
    'unsupported_format',
    'file_empty',
    'file_unreadable',
    'invalid_request',
    'conflict',
    'document_not_found',
    'job_not_found',
  ]
  return ofTheFile.includes(error.code)
}

/** What keeps a file from being read, such as missing rights. */
export function unreadableFile(error: unknown): InkstoneError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new InkstoneError('file_unreadable', `it cannot be read (${reason})`, {
    remedy: 'check that it exists and that this user may read it',
    cause: error,
  })
}
