import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { InkstoneError } from '../core/errors.js'
import type { SourceEntry } from '../core/ports.js'
import type { InkstoneService } from '../core/service.js'
import type { Problem } from '../core/types.js'
import { type Discovered, discover } from './discover.js'
import { handIn, unreadableFile } from './hand-in.js'
import { merge } from './merge.js'
import { type FoundFile, plan } from './plan.js'
import { type FileEvent, fileEvent, type PlannedEvent, type SyncEvent } from './sync-events.js'

export interface SyncOptions {
  /** Absolute paths of files or folders. */
  roots: readonly string[]
  /** Id or slug. In a dry run it need not exist. */
  knowledgeBase: string
  /** Only say what would happen. */
  dryRun?: boolean
  /** Remove sources that lie below a root and are no longer there. */
  prune?: boolean
  /** Read files again whose same content could not be read before. */
  retryFailed?: boolean
  /** Files that are handed in and waited for at a time. */
  concurrency?: number
  signal?: AbortSignal
}

/** What is to be done. Each file is in one list only. */
interface Work {
  /** Files and folders that could not be looked at. */
  unreadable: { sourceUri: string; problem: Problem }[]
  new: FoundFile[]
  changed: FoundFile[]
  /** Accepted before, and their job may not have ended yet. */
  unfinished: FoundFile[]
  unchanged: FoundFile[]
  failedBefore: { file: FoundFile; problem: Problem }[]
  gone: SourceEntry[]
}

const filesHashedAtATime = 4

/**
 * Brings a knowledge base in line with files and folders. The `sourceUri` of a file is its absolute path with forward
 * slashes. First comes what is planned, then one event for each file, in the order in which they end; one bad file
 * never stops the rest. What could not be read before and has not changed is reported as failed with the stored
 * reason. What was handed in before a stop is kept.
 * @throws InkstoneError `not_found` when a root is not there, `knowledge_base_not_found`, `cancelled`, and what keeps
 *   the service from working at all, such as `storage_full`
 */
export async function* syncFolder(service: InkstoneService, options: SyncOptions): AsyncIterable<SyncEvent> {
  const { dryRun = false, prune = false, retryFailed = false, concurrency = 8 } = options
  const sources = await listSources(service, options)
  const work = await planWork(sources, options)
  yield plannedEvent(work, dryRun)
  for (const { sourceUri, problem } of work.unreadable) yield fileEvent(sourceUri, 'failed', { problem })
  for (const file of work.unchanged) yield fileEvent(file.sourceUri, 'unchanged')
  if (!retryFailed) {
    for (const { file, problem } of work.failedBefore) yield fileEvent(file.sourceUri, 'failed', { problem })
  }
  const again = retryFailed ? work.failedBefore.map(({ file }) => file) : []
  if (dryRun) yield* foreseen({ ...work, changed: [...work.changed, ...again] }, sources)
  else {
    yield* merge([...work.unfinished, ...work.new, ...work.changed, ...again], { concurrency }, (file, stopped) =>
      handIn(service, file.sourceUri, {
        knowledgeBase: options.knowledgeBase,
        retryFailed,
        signal: options.signal === undefined ? stopped : AbortSignal.any([options.signal, stopped]),
      }),
    )
  }
  // Last, so that a file that was only moved has its new name before it loses the old one, and stays searchable.
  for (const { sourceUri } of prune ? work.gone : []) {
    throwIfAborted(options.signal)
    if (!dryRun) await service.removeSource(options.knowledgeBase, sourceUri)
    yield fileEvent(sourceUri, 'removed')
  }
}

async function listSources(service: InkstoneService, { knowledgeBase, dryRun }: SyncOptions): Promise<SourceEntry[]> {
  try {
    return await service.listSources(knowledgeBase)
  } catch (error) {
    const isMissing = error instanceof InkstoneError && error.code === 'knowledge_base_not_found'
    if (dryRun === true && isMissing) return []
    throw error
  }
}

/** Roots may overlap: a file counts where it is met first. */
async function planWork(sources: readonly SourceEntry[], { roots, signal }: SyncOptions): Promise<Work> {
  const entries = new Map(sources.map((source) => [source.sourceUri, source]))
  const work: Work = { unreadable: [], new: [], changed: [], unfinished: [], unchanged: [], failedBefore: [], gone: [] }
  const met = new Set<string>()
  const isFirst = ({ sourceUri }: { sourceUri: string }) => !met.has(sourceUri) && met.add(sourceUri)
  for (const root of roots) {
    const { found, unreadable } = await scan(root, signal)
    const planned = plan(found, sources, { root, unreadable: unreadable.map(({ sourceUri }) => sourceUri) })
    work.unreadable.push(...unreadable.filter(isFirst))
    for (const entry of planned.removed) if (!(await isThere(entry.sourceUri)) && isFirst(entry)) work.gone.push(entry)
    work.new.push(...planned.new.filter(isFirst))
    work.changed.push(...planned.changed.filter(isFirst))
    for (const file of planned.unchanged.filter(isFirst)) {
      const entry = entries.get(file.sourceUri)
      if (entry?.status === 'processing') work.unfinished.push(file)
      else if (entry?.error) work.failedBefore.push({ file, problem: entry.error })
      else work.unchanged.push(file)
    }
  }
  return work
}

/** What was left out of the search, such as a hidden file that was named before, is not gone. */
async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function scan(root: string, signal: AbortSignal | undefined) {
  const found: FoundFile[] = []
  const unreadable: { sourceUri: string; problem: Problem }[] = []
  const hashing = { concurrency: filesHashedAtATime }
  const scanned = merge(discover(root, signal === undefined ? {} : { signal }), hashing, (entry) =>
    hashed(entry, signal),
  )
  for await (const entry of scanned) {
    if ('problem' in entry) unreadable.push(entry)
    else found.push(entry)
  }
  return { found, unreadable }
}

async function* hashed(
  entry: Discovered,
  signal: AbortSignal | undefined,
): AsyncIterable<FoundFile | { sourceUri: string; problem: Problem }> {
  const sourceUri = sourceUriOf(entry.path)
  if ('problem' in entry) return yield { sourceUri, problem: entry.problem }
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(entry.path), hash, { signal })
    yield { sourceUri, contentHash: hash.digest('hex'), sizeBytes: entry.sizeBytes }
  } catch (error) {
    throwIfAborted(signal)
    yield { sourceUri, problem: unreadableFile(error).toProblem() }
  }
}

/** A backslash separates folders on Windows and is part of a name everywhere else. */
function sourceUriOf(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

function plannedEvent(work: Work, dryRun: boolean): PlannedEvent {
  const failedBefore = work.failedBefore.map(({ file }) => file)
  const files = [...work.new, ...work.changed, ...work.unfinished, ...work.unchanged, ...failedBefore]
  const counts = {
    found: files.length,
    new: work.new.length,
    changed: work.changed.length,
    unchanged: work.unchanged.length + work.unfinished.length,
    failedBefore: failedBefore.length,
    unreadable: work.unreadable.length,
    gone: work.gone.length,
  }
  return { type: 'planned', dryRun, counts, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
}

/** What handing in would come to, as far as it can be known without reading the files. */
function* foreseen(work: Work, sources: readonly SourceEntry[]): Iterable<FileEvent> {
  const contents = new Set(sources.map(({ contentHash }) => contentHash))
  for (const { sourceUri, contentHash } of work.new) {
    yield fileEvent(sourceUri, contents.has(contentHash) ? 'duplicate' : 'added')
    contents.add(contentHash)
  }
  for (const { sourceUri } of work.changed) yield fileEvent(sourceUri, 'updated')
  for (const { sourceUri } of work.unfinished) yield fileEvent(sourceUri, 'unchanged')
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InkstoneError('cancelled', 'the ingest was stopped')
}
