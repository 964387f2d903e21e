import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceEntry } from '../../core/catalogue.js'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import { type FileEvent, type FileOutcome, fileEvent, measuresOf, type ProgressEvent } from './sync-events.js'

const longestPollMs = 5_000

export interface FollowOptions {
  /** The sourceUri of the container. */
  container: string
  /** What to call a member that could be read. */
  outcome: (member: SourceEntry) => FileOutcome
  /** Whether a member that could not be read is to be queued again. */
  isRetried: (member: SourceEntry) => boolean
  signal: AbortSignal
  /** Between two looks at what is not read yet, at first: while nothing changes it becomes longer. */
  pollMs?: number
}

/**
 * What becomes of the files inside a file, and of the files inside those: their jobs run by themselves once the
 * container's has ended. One event for each, when it is known.
 * @throws InkstoneError `cancelled`, and what is wrong with the service
 */
export async function* followMembers(
  service: InkstoneService,
  documentId: string,
  options: FollowOptions,
): AsyncIterable<ProgressEvent | FileEvent> {
  const { container, isRetried, signal, pollMs = 500 } = options
  for (const member of await membersOf(service, documentId)) {
    if (member.error !== null && isRetried(member)) await service.retry(member.documentId)
  }
  const told = new Set<string>()
  let waitMs = pollMs
  for (;;) {
    const known = told.size
    const members = await membersOf(service, documentId)
    for (const member of members) {
      if (member.status === 'processing' || told.has(member.sourceUri)) continue
      told.add(member.sourceUri)
      yield await memberEvent(service, member, options)
      yield* followMembers(service, member.documentId, { ...options, container: member.sourceUri })
    }
    const waiting = members.filter(({ sourceUri }) => !told.has(sourceUri)).length
    if (waiting === 0) return
    const done = { done: members.length - waiting, total: members.length }
    const stage = { stage: 'done', progress: done.done / done.total, pages: null, etaSeconds: null } as const
    yield { type: 'progress', path: container, ...stage, members: done }
    // An archive may hold thousands, and many archives may wait for their turn.
    waitMs = told.size > known ? pollMs : Math.min(2 * waitMs, longestPollMs)
    await pause(waitMs, signal)
  }
}

/** What was found in a document; nothing when it is no longer there, as its members are not then. */
async function membersOf(service: InkstoneService, documentId: string): Promise<SourceEntry[]> {
  try {
    return await service.listMembers(documentId)
  } catch (error) {
    if (toInkstoneError(error).code === 'document_not_found') return []
    throw error
  }
}

async function memberEvent(
  service: InkstoneService,
  member: SourceEntry,
  { container, outcome }: FollowOptions,
): Promise<FileEvent> {
  const { sourceUri, documentId, error: problem } = member
  if (problem !== null) return fileEvent(sourceUri, 'failed', { problem, container })
  const document = await service.getDocument(documentId).catch(toInkstoneError)
  if (!(document instanceof InkstoneError)) {
    return fileEvent(sourceUri, outcome(member), { ...measuresOf(document), container })
  }
  if (document.code !== 'document_not_found') throw document
  return fileEvent(sourceUri, 'failed', { problem: document.toProblem(), container })
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((cause: unknown) => {
    throw new InkstoneError('cancelled', 'the ingest was stopped', { cause })
  })
}
