import type { SourceEntry } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import type { Problem } from '../../core/job.js'
import type { InkstoneService } from '../../core/service.js'
import type { Document } from '../../core/types.js'
import { followMembers } from './follow-members.js'
import type { ForeseenStep } from './foresee.js'
import { isMissing } from './gone.js'
import { type HandInFile, handIn } from './hand-in.js'
import { merge } from './merge.js'
import { bySourceUri } from './source-uri.js'
import { type FileEvent, type FileOutcome, fileEvent, type ProgressEvent, type SyncEvent } from './sync-events.js'
import {
  foreseenEvents,
  plannedEvent,
  prepareSync,
  retriedOutcome,
  type SyncWork,
  unchangedEvents,
} from './sync-work.js'

export interface SyncOptions {
  /** Absolute paths of files or folders. */
  roots: readonly string[]
  /** Id or slug. In a dry run it need not exist. */
  knowledgeBase: string
  /** Only say what would happen. */
  dryRun?: boolean
  /** Remove sources that lie below a root and are no longer there, or no longer wanted by an ignore file. */
  prune?: boolean
  /** Read files again whose same content could not be read before. */
  retryFailed?: boolean
  /** Tried in order on encrypted files. Those that were refused for want of one are read again. */
  passwords?: readonly string[]
  /** Look at these paths only, at or below a root. Those that are not there are gone. */
  only?: readonly string[]
  /** Say nothing of files that are as they were. */
  newsOnly?: boolean
  /** Files that are handed in and waited for at a time. */
  concurrency?: number
  /** Between two looks at the files inside a file. */
  memberPollMs?: number
  signal?: AbortSignal
}

/**
 * Brings a knowledge base in line with files and folders. First comes what is planned, then one event for each file, in
 * the order in which they end, and for each file inside a file; one bad file never stops the rest. What could not be
 * read before and has not changed is reported as failed with the stored reason. A file whose content is at a new path
 * and no longer at the old one has moved: its document stays, and nothing is read again. What was handed in before a
 * stop is kept. A dry run gives the same outcomes, but for what only reading a file tells.
 * @throws InkstoneError `not_found` when a root is not there, `knowledge_base_not_found`, `cancelled`, and what keeps
 *   the service from working at all, such as `storage_full`
 */
export async function* syncFolder(service: InkstoneService, options: SyncOptions): AsyncIterable<SyncEvent> {
  const { dryRun = false, newsOnly = false } = options
  const work = await prepareSync(service, options)
  yield plannedEvent(work, dryRun)
  const unreadable = [...work.scanned.unreadable, ...work.gone.away].sort(bySourceUri)
  for (const { sourceUri, problem } of unreadable) yield fileEvent(sourceUri, 'failed', { problem })
  if (!newsOnly) yield* unchangedEvents(work, { dryRun })
  for await (const event of dryRun ? foreseenEvents(work) : handInAll(service, work, options)) {
    if (!(newsOnly && event.type === 'file' && event.outcome === 'unchanged')) yield event
  }
  // Last, so that a content that is elsewhere by now stays searchable.
  if (options.prune === true) yield* prune(service, work, options)
}

type Task = (signal: AbortSignal) => AsyncIterable<ProgressEvent | FileEvent>

async function* handInAll(
  service: InkstoneService,
  work: SyncWork,
  { knowledgeBase, passwords = [], concurrency = 32, memberPollMs = 500, signal }: SyncOptions,
): AsyncIterable<ProgressEvent | FileEvent> {
  const { chains, stored, isWorthRetrying } = work
  // A content that fails again is not tried once more for another file that has it.
  const tried = new Set<string>()
  const isRetried = (documentId: string, error: Problem | null) => {
    if (error === null || !isWorthRetrying(error) || tried.has(documentId)) return false
    tried.add(documentId)
    return true
  }
  const membersOf = (documentId: string, container: string, stopped: AbortSignal) =>
    followMembers(service, documentId, {
      container,
      outcome: (member) => memberOutcome(member, stored.sourceOf(member.sourceUri)),
      isRetried: (member) => isRetried(member.documentId, member.error),
      pollMs: memberPollMs,
      signal: stopped,
    })
  const options = { knowledgeBase, passwords, isRetried: ({ id, error }: Document) => isRetried(id, error) }
  const ofChain = (chain: readonly ForeseenStep[]): Task =>
    async function* (stopped) {
      for (const step of chain) {
        const { event, document } = yield* handIn(service, fileOf(step), { ...options, signal: stopped })
        yield event
        // The members of a duplicate are told with the file that came first.
        if (document !== null && event.outcome !== 'duplicate') yield* membersOf(document.id, event.path, stopped)
      }
    }
  const ofContainer = ({ documentId, sourceUri }: SourceEntry): Task => {
    return (stopped) => membersOf(documentId, sourceUri, stopped)
  }
  const tasks = [...work.unsettled.map(ofContainer), ...chains.map(ofChain)]
  yield* merge(tasks, { concurrency }, (task, stopped) =>
    task(signal === undefined ? stopped : AbortSignal.any([signal, stopped])),
  )
}

function fileOf({ file, kind, stored, movedFrom }: ForeseenStep): HandInFile {
  return {
    ...file,
    isKnown: stored !== null,
    ...(movedFrom === null ? {} : { movedFrom: movedFrom.sourceUri }),
    ...(kind === 'again' && stored !== null ? { triedAgain: retriedOutcome(stored) } : {}),
  }
}

/** @param before what was stored under its name when the files were compared */
function memberOutcome(member: SourceEntry, before: SourceEntry | undefined): FileOutcome {
  if (before === undefined) return 'added'
  return before.contentHash === member.contentHash ? retriedOutcome(before) : 'updated'
}

async function* prune(
  service: InkstoneService,
  { plan, gone }: SyncWork,
  { dryRun = false, knowledgeBase, signal }: SyncOptions,
): AsyncIterable<FileEvent> {
  const missing = new Set(gone.missing)
  for (const source of plan.gone) {
    const { sourceUri } = source
    throwIfAborted(signal)
    // Much may have happened since the folders were looked at.
    if (missing.has(source) && !(await isMissing(sourceUri))) continue
    if (!dryRun) await service.removeSource(knowledgeBase, sourceUri)
    yield fileEvent(sourceUri, 'removed')
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InkstoneError('cancelled', 'the ingest was stopped')
}
