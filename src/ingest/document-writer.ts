import type { ChunkStore, DocumentChunks, ServicePace } from '../core/chunk-store.js'
import { toInkstoneError } from '../core/errors.js'
import type { Logger } from '../core/ports.js'

export interface DocumentWriter {
  /**
   * Puts the chunks of a document's revision, in one commit with others of its knowledge base that wait. It is on disk
   * when the promise resolves, and what goes wrong with another document is none of its business.
   * @throws InkstoneError of the store; the signal's reason when it fires before the document's group is being written
   */
  write(document: DocumentChunks, options: WriteOptions): Promise<void>
  /**
   * Nothing else comes for now: what waits is written, and the upkeep that was put off is done; once nothing has come
   * for a while, also what pays only then.
   */
  settle(): void
  /** Resolves when nothing is being written any more. The upkeep of idle tables is left for another time. */
  close(): Promise<void>
}

export interface WriteOptions {
  store: ChunkStore
  /** Somebody waits for it: it is written at once, and with it what waits. */
  isUrgent: boolean
  signal: AbortSignal
  /** Called when the document waits for others and the work on the next one may begin. */
  onHandedOver(): void
}

/** What goes into one commit. LanceDB takes so many rows in one version (`store/revisions.ts`). */
const mostRows = 1_000
const mostDocuments = 64
/** A document with more is a group by itself, and its job keeps its place: such ones must not pile up. */
const mostRowsToWait = 250
/** Longest wait for other documents while some are being read. */
const usualLingerMs = 10_000
/** Without a document for so long a table is taken for idle. */
const usualRestMs = 30_000

/**
 * Writes documents in groups. LanceDB keeps some memory with each commit for good, lays down a version and a fragment,
 * and folds fragments by writing the whole table anew: a thousand small files are to be dozens of commits, not a
 * thousand. While nothing else is being read nobody waits.
 */
export function documentWriter({
  log,
  lingerMs = usualLingerMs,
  restMs = usualRestMs,
}: {
  log: Pick<Logger, 'error'>
  lingerMs?: number
  restMs?: number
}): DocumentWriter {
  const writers = new Map<ChunkStore, TableWriter>()

  function writerOf(store: ChunkStore): TableWriter {
    const known = writers.get(store)
    if (known) return known
    const made = tableWriter(store, { log, lingerMs, restMs, onDone: () => writers.delete(store) })
    writers.set(store, made)
    return made
  }

  return {
    write: (document, { store, ...options }) => writerOf(store).write(document, options),
    settle() {
      for (const writer of writers.values()) writer.settle()
    },
    async close() {
      await Promise.all([...writers.values()].map((writer) => writer.close()))
    },
  }
}

interface TableWriter {
  write(document: DocumentChunks, options: Omit<WriteOptions, 'store'>): Promise<void>
  settle(): void
  close(): Promise<void>
}

interface TableWriterOptions {
  log: Pick<Logger, 'error'>
  lingerMs: number
  restMs: number
  /** It has nothing left to do. */
  onDone(): void
}

interface Waiting {
  document: DocumentChunks
  settled(error?: unknown): void
}

function tableWriter(store: ChunkStore, { log, lingerMs, restMs, onDone }: TableWriterOptions): TableWriter {
  const waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | null = null
  /** So many of those that wait, from the front, wait no longer. */
  let due = 0
  let isSettling = false
  let rest: NodeJS.Timeout | undefined
  let isRested = false

  const rowsWaiting = () => waiting.reduce((rows, { document }) => rows + document.chunks.length, 0)

  async function maintain(service: ServicePace): Promise<void> {
    await store.maintain({ service }).catch((error: unknown) => {
      // Its knowledge base may have been removed meanwhile.
      if (toInkstoneError(error).code === 'knowledge_base_not_found') return
      log.error({ knowledgeBaseId: store.knowledgeBaseId, error: String(error) }, 'the upkeep of a table failed')
    })
  }

  async function writeDue(): Promise<void> {
    while (due > 0 || isSettling) {
      const group = takeGroup(waiting)
      due = Math.max(0, due - group.length)
      if (group.length > 0) await writeGroup(store, group)
      const isLast = isSettling && waiting.length === 0
      if (isLast) isSettling = false
      await maintain(isLast ? 'quiet' : 'busy')
      if (isLast && waiting.length === 0) beginRest()
    }
    if (!isRested) return
    isRested = false
    if (waiting.length === 0) await maintain('idle')
    if (waiting.length === 0) onDone()
  }

  function beginRest(): void {
    clearTimeout(rest)
    rest = setTimeout(() => {
      isRested = true
      start()
    }, restMs)
    // Nobody waits for it: a process that has nothing else to do ends.
    rest.unref()
  }

  /** Those that wait at this moment are written. */
  function start(): void {
    clearTimeout(timer)
    timer = undefined
    due = waiting.length
    writing ??= writeDue().finally(() => {
      writing = null
      if (due > 0 || isSettling || isRested) start()
    })
  }

  return {
    write(document, { isUrgent, signal, onHandedOver }) {
      return new Promise<void>((resolve, reject) => {
        const withdraw = () => {
          const at = waiting.indexOf(entry)
          // One that is being written has its outcome from there.
          if (at < 0) return
          waiting.splice(at, 1)
          if (at < due) due--
          reject(signal.reason)
        }
        const entry: Waiting = {
          document,
          settled(error) {
            signal.removeEventListener('abort', withdraw)
            if (error === undefined) resolve()
            else reject(error)
          },
        }
        if (signal.aborted) return reject(signal.reason)
        signal.addEventListener('abort', withdraw, { once: true })
        clearTimeout(rest)
        waiting.push(entry)
        const isLarge = document.chunks.length > mostRowsToWait
        if (isUrgent || isLarge || waiting.length >= mostDocuments || rowsWaiting() >= mostRows) start()
        else timer ??= setTimeout(start, lingerMs)
        if (!isLarge) onHandedOver()
      })
    },
    settle() {
      isSettling = true
      start()
    },
    async close() {
      clearTimeout(rest)
      while (writing !== null) await writing
      clearTimeout(rest)
    },
  }
}

/** Documents from the front that fit into one commit; at least one, when there is one. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let rows = 0
  let count = 0
  for (const { document } of waiting) {
    rows += document.chunks.length
    if (count > 0 && (rows > mostRows || count >= mostDocuments)) break
    count++
  }
  return waiting.splice(0, count)
}

/** A group that cannot be written may have one bad document in it: then each is written by itself. */
async function writeGroup(store: ChunkStore, group: readonly Waiting[]): Promise<void> {
  try {
    await store.putRevisions(group.map(({ document }) => document))
    for (const { settled } of group) settled()
  } catch (thrown) {
    if (group.length > 1) for (const one of group) await writeGroup(store, [one])
    else group[0]?.settled(toInkstoneError(thrown))
  }
}
