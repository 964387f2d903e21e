import { setTimeout as sleep } from 'node:timers/promises'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import type { Job, Submission } from '../../core/job.js'
import type { InkstoneService } from '../../core/service.js'
import type { Document } from '../../core/types.js'
import type { FoundFile } from './plan.js'
import { FileChangedError, steadyBytes, unreadableFile } from './steady-bytes.js'
import { type FileEvent, type FileOutcome, fileEvent, measuresOf, type ProgressEvent } from './sync-events.js'
import { workClock } from './work-clock.js'

/** A file to hand in, with what is known of it. */
export interface HandInFile extends FoundFile {
  /** The path that its content had: it is removed once the content is stored under the new one. */
  movedFrom?: string
  /** What to call a file that was tried again with success. */
  triedAgain?: FileOutcome
  /** Whether its name is known: then a document of its own is no addition. */
  isKnown?: boolean
}

export interface HandInOptions {
  knowledgeBase: string
  /** Whether a document whose same content could not be read before is to be queued again. */
  isRetried: (document: Document) => boolean
  passwords?: readonly string[]
  signal: AbortSignal
  /** Until a file is read again that was changed while it was read. */
  changedWaitMs?: number
}

/** What a file that was handed in came to: the document, for whoever asks what was found inside. */
export interface HandedIn {
  event: FileEvent
  document: Document | null
}

const timesRead = 3

/**
 * Hands a file in and follows its job to the end. What it returns says what became of the file: a file that cannot be
 * read is a result. One that is written to meanwhile is read again, so that what is stored was there at one moment.
 * @throws InkstoneError `cancelled`, and what is wrong with the service rather than with the file, such as
 *   `storage_full`, `unauthorized` or `knowledge_base_not_found`
 */
export async function* handIn(
  service: InkstoneService,
  file: HandInFile,
  options: HandInOptions,
): AsyncGenerator<ProgressEvent, HandedIn> {
  const { signal } = options
  const { sourceUri: path } = file
  const clock = workClock()
  try {
    yield { type: 'progress', path, stage: 'queued', progress: 0, pages: null, etaSeconds: null, members: null }
    const submission = await submitSteady(service, file, options)
    const { document } = submission
    const isTriedAgain = submission.job === null && document.error !== null && options.isRetried(document)
    const begun = isTriedAgain ? await service.retry(document.id) : submission.job
    let job = begun
    clock.enter('queued')
    if (begun !== null) {
      for await (job of service.watchJob(begun.id, { signal })) {
        clock.enter(job.stage)
        yield progressOf(path, job)
      }
    }
    signal.throwIfAborted()
    const outcome = await outcomeOf(service, { file, submission, isTriedAgain, options })
    return await finished(service, { file, outcome, job, submission, seconds: clock.seconds() })
  } catch (error) {
    if (signal.aborted) throw new InkstoneError('cancelled', 'the ingest was stopped', { cause: error })
    const known = toInkstoneError(error)
    if (!isAboutTheFile(known)) throw known
    return {
      event: fileEvent(path, 'failed', { problem: known.toProblem(), seconds: clock.seconds() }),
      document: null,
    }
  }
}

function progressOf(path: string, { stage, progress, pages, etaSeconds }: Job): ProgressEvent {
  return { type: 'progress', path, stage, progress, pages, etaSeconds, members: null }
}

/** Submits what a file holds at one moment. @throws InkstoneError `file_unreadable`, and what `submit` throws */
async function submitSteady(
  service: InkstoneService,
  { sourceUri, isNamed }: HandInFile,
  { knowledgeBase, passwords = [], signal, changedWaitMs = 1_000 }: HandInOptions,
): Promise<Submission> {
  for (let time = 1; ; time++) {
    const bytes = steadyBytes(sourceUri)
    let readError: unknown = null
    const watched = withErrors(bytes, (error) => {
      readError = error
    })
    try {
      const priority = isNamed ? 'interactive' : 'background'
      const request = { sourceUri, bytes: watched, priority, ...(passwords.length === 0 ? {} : { passwords }) } as const
      return await service.submit(knowledgeBase, request, { signal })
    } catch (error) {
      // A client may have wrapped it: the file's own word comes first.
      if (readError === null || signal.aborted) throw error
      if (!(readError instanceof FileChangedError)) throw unreadableFile(readError)
      if (time === timesRead) throw neverStill(readError)
    } finally {
      await watched.return(undefined)
      await bytes.return(undefined)
    }
    await sleep(changedWaitMs, undefined, { signal })
  }
}

async function* withErrors(
  bytes: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    onError(error)
    throw error
  }
}

function neverStill(cause: unknown): InkstoneError {
  return new InkstoneError('file_unreadable', `it was written to each of the ${timesRead} times that it was read`, {
    remedy: 'run the command again when nothing writes to it any more',
    cause,
  })
}

async function outcomeOf(
  service: InkstoneService,
  ended: { file: HandInFile; submission: Submission; isTriedAgain: boolean; options: HandInOptions },
): Promise<FileOutcome> {
  const { file, submission, isTriedAgain, options } = ended
  const { movedFrom, triedAgain, isKnown = false } = file
  const isStored = submission.outcome === 'duplicate' || submission.outcome === 'unchanged'
  if (movedFrom !== undefined && isStored && submission.document.contentHash === file.contentHash) {
    await service.removeSource(options.knowledgeBase, movedFrom)
    return 'moved'
  }
  const isNewJob = submission.outcome === 'unchanged' && submission.job !== null
  if (triedAgain !== undefined && (isTriedAgain || isNewJob)) return triedAgain
  if (submission.outcome !== 'created') return submission.outcome
  return isKnown ? 'updated' : 'added'
}

async function finished(
  service: InkstoneService,
  ended: { file: HandInFile; outcome: FileOutcome; job: Job | null; submission: Submission; seconds: number },
): Promise<HandedIn> {
  const { file, outcome, job, submission, seconds } = ended
  const { sourceUri, movedFrom } = file
  const from = outcome === 'moved' && movedFrom !== undefined ? { from: movedFrom } : {}
  const refused = (problem: Job['error']) => ({
    event: fileEvent(sourceUri, 'failed', { problem, seconds, ...from }),
    document: null,
  })
  if (job?.status === 'failed') return refused(job.error)
  if (job?.status === 'cancelled') {
    return refused({ code: 'cancelled', message: 'its job was cancelled, or replaced by a newer one' })
  }
  const document = await service.getDocument(submission.document.id)
  if (document.error !== null) return refused(document.error)
  const isOther = submission.document.contentHash !== file.contentHash
  const warnings = [
    ...(job?.warnings ?? []),
    ...(isOther ? ['it was changed after the files were compared: the newer content was read'] : []),
  ]
  return { event: fileEvent(sourceUri, outcome, { ...measuresOf(document), seconds, warnings, ...from }), document }
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
