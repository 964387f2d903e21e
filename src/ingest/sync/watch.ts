import { lstat, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorCode, InkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import { type FolderChanges, type OpenFolderChanges, openFolderChanges } from './folder-changes.js'
import { isEmptyFolder } from './gone.js'
import { ignoreFileName } from './ignore.js'
import { absent, type Settling, settling } from './settling.js'
import { type SyncOptions, syncFolder } from './sync.js'
import type { NoticeEvent, SyncEvent } from './sync-events.js'

export interface WatchOptions extends Omit<SyncOptions, 'dryRun' | 'only' | 'newsOnly' | 'signal'> {
  /** Ends the watching in good order. */
  signal: AbortSignal
  /** A file is handed in when its size and time of change were still for so long. */
  settleMs?: number
  /** Ask the file system again and again, for network drives that tell nothing by themselves. */
  poll?: boolean
  pollMs?: number
  /** First and longest time until a service that could not be reached is tried again. */
  retryMs?: { first: number; most: number }
  /** The driver that tells of changes. */
  openChanges?: OpenFolderChanges
}

interface Watch {
  changes: FolderChanges
  dirty: Settling
  /** Something happened that single paths do not tell: everything has to be compared again. */
  isStale: boolean
}

/** What passes by itself: the server is started again, which may break off a reply in the middle; the disk gets room. */
const passing: readonly ErrorCode[] = ['server_unreachable', 'not_ready', 'storage_full']

/** More changes at a time are cheaper to find by comparing everything. */
const mostPathsAtATime = 1_000

/**
 * Keeps a knowledge base in line with folders: a whole `syncFolder` first, then one of what changed, when it is still.
 * Of later runs only what is news is told. A folder that goes away, as an unmounted drive does, is waited for and
 * nothing of it is removed; a service that cannot be reached is tried again. It ends when the signal fires.
 * @throws InkstoneError `not_found` when a root is not there at first, and what `syncFolder` throws and does not pass
 */
export async function* watchFolder(service: InkstoneService, options: WatchOptions): AsyncIterable<SyncEvent> {
  const { signal, settleMs = 2_000 } = options
  const watch: Watch = { changes: { close: async () => {} }, dirty: settling({ look, settleMs }), isStale: false }
  try {
    await mustBeThere(options.roots)
    await reopen(watch, options)
    yield* patiently(() => syncFolder(service, syncOptions(options)), options)
    yield notice('watching for changes; Ctrl-C ends it')
    for (;;) {
      yield* untilThere(watch, options)
      const paths = await watch.dirty.take(performance.now())
      if (watch.isStale || paths.length > mostPathsAtATime) {
        await reopen(watch, options)
        yield* news(service, watch, options)
      } else if (paths.length > 0) yield* news(service, watch, options, paths)
      else await sleep(settleMs / 8, undefined, { signal })
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await watch.changes.close()
  }
}

function syncOptions({ roots, knowledgeBase, ...rest }: WatchOptions): SyncOptions {
  return { ...rest, roots, knowledgeBase }
}

/** Watches anew, by the ignore files of now. What changed before is found by comparing everything. */
async function reopen(
  watch: Watch,
  { roots, poll = false, pollMs = 5_000, openChanges = openFolderChanges }: WatchOptions,
) {
  await watch.changes.close()
  watch.isStale = false
  watch.changes = await openChanges(roots, {
    poll,
    pollMs,
    onChange(path, { isLink }) {
      // What a link leads to is seen only by looking at everything.
      if (isLink || basename(path) === ignoreFileName) watch.isStale = true
      else watch.dirty.add(path, performance.now())
    },
    onMissed: () => {
      watch.isStale = true
    },
  })
}

/** What is new since the last run. A folder that goes away meanwhile is left to `untilThere`. */
async function* news(
  service: InkstoneService,
  watch: Watch,
  options: WatchOptions,
  only?: readonly string[],
): AsyncIterable<SyncEvent> {
  let narrowed = only === undefined ? {} : { only }
  const run = () => {
    const events = syncFolder(service, { ...syncOptions(options), newsOnly: true, ...narrowed })
    // What is tried again after a while may have changed in more places.
    narrowed = {}
    return events
  }
  try {
    for await (const event of patiently(run, options)) if (event.type !== 'planned') yield event
  } catch (error) {
    if (!(error instanceof InkstoneError && error.code === 'not_found')) throw error
    watch.isStale = true
  }
}

/** Runs a sync again, after growing pauses, for as long as the service cannot be reached. */
async function* patiently(
  run: () => AsyncIterable<SyncEvent>,
  { signal, retryMs: { first, most } = { first: 1_000, most: 30_000 } }: WatchOptions,
): AsyncIterable<SyncEvent> {
  for (let waitMs = first; ; waitMs = Math.min(waitMs * 2, most)) {
    try {
      yield* run()
      return
    } catch (error) {
      if (!(error instanceof InkstoneError) || !passing.includes(error.code)) throw error
      const { remedy } = error
      yield notice(`${error.message}; trying again in ${Math.ceil(waitMs / 1_000)} s`, remedy)
    }
    await sleep(waitMs, undefined, { signal })
  }
}

/** Waits while a root is not there, or has become empty as the place of a drive that is not mounted is. */
async function* untilThere(watch: Watch, options: WatchOptions): AsyncIterable<NoticeEvent> {
  const { roots, signal, settleMs = 2_000 } = options
  const away = await awayRoot(roots)
  if (away === null) return
  yield notice(`"${away}" is empty or not there: nothing of it is removed, and what comes is waited for`)
  while ((await awayRoot(roots)) !== null) await sleep(settleMs, undefined, { signal })
  yield notice(`"${away}" has files`)
  watch.isStale = true
}

async function awayRoot(roots: readonly string[]): Promise<string | null> {
  for (const root of roots) {
    const isThere = await stat(root).then(
      () => true,
      () => false,
    )
    if (!isThere || (await isEmptyFolder(root))) return root
  }
  return null
}

async function mustBeThere(roots: readonly string[]): Promise<void> {
  for (const root of roots) {
    await stat(root).catch((cause: unknown) => {
      throw new InkstoneError('not_found', `there is no file or folder "${root}"`, { remedy: 'check the path', cause })
    })
  }
}

async function look(path: string): Promise<string> {
  return lstat(path, { bigint: true }).then(
    ({ size, mtimeNs, ino }) => `${size} ${mtimeNs} ${ino}`,
    () => absent,
  )
}

function notice(message: string, remedy?: string): NoticeEvent {
  return { type: 'notice', message, ...(remedy === undefined ? {} : { remedy }) }
}
