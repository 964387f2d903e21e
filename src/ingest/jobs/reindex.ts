import { once } from 'node:events'
import type { Catalogue } from '../../core/catalogue.js'
import type { ChunkStores } from '../../core/chunk-store.js'
import { InkstoneError } from '../../core/errors.js'
import type { JobRunner } from './jobs.js'

export interface Reindexing {
  /** Waits while the table of a knowledge base is being dropped. Rejects when the signal fires. */
  settled(knowledgeBaseId: string, signal: AbortSignal): Promise<void>
  /**
   * Drops the table of a knowledge base and queues every document of it to be read again from its stored original.
   * Nothing of it is found until its job is done.
   * @returns how many jobs wait
   * @throws InkstoneError `conflict` when it is under way already
   */
  start(knowledgeBaseId: string, parts: ReindexParts): Promise<number>
}

interface ReindexParts {
  catalogue: Pick<Catalogue, 'listJobs' | 'listDocuments' | 'resubmit'>
  stores: Pick<ChunkStores, 'drop'>
  runner: Pick<JobRunner, 'cancel' | 'wake'>
}

/** Keeps jobs and the dropping of tables apart: none may write to a table that is about to go. */
export function reindexing(): Reindexing {
  const underWay = new Map<string, Promise<unknown>>()
  return {
    async settled(knowledgeBaseId, signal) {
      const dropping = underWay.get(knowledgeBaseId)
      if (dropping === undefined) return
      const left = new AbortController()
      const stopped = once(signal, 'abort', { signal: left.signal }).catch(() => undefined)
      await Promise.race([dropping.catch(() => undefined), stopped])
      left.abort()
      signal.throwIfAborted()
    },
    async start(knowledgeBaseId, parts) {
      if (underWay.has(knowledgeBaseId)) {
        throw new InkstoneError('conflict', 'the knowledge base is being reindexed already')
      }
      const started = startAfresh(knowledgeBaseId, parts)
      underWay.set(knowledgeBaseId, started)
      try {
        return await started
      } finally {
        underWay.delete(knowledgeBaseId)
        parts.runner.wake()
      }
    },
  }
}

/** The jobs are queued before the table goes, so that a crash in between loses nothing. */
async function startAfresh(knowledgeBaseId: string, { catalogue, stores, runner }: ReindexParts): Promise<number> {
  const { items } = await catalogue.listJobs({ knowledgeBaseId, status: 'running', limit: 500 })
  // One that ends by itself at this very moment is as good.
  await Promise.allSettled(items.map(({ id }) => runner.cancel(id)))
  const jobs = await ingestAgain(knowledgeBaseId, catalogue)
  await stores.drop(knowledgeBaseId)
  return jobs
}

/** Queues every document of a knowledge base again. Returns how many there are. */
export async function ingestAgain(
  knowledgeBaseId: string,
  catalogue: Pick<Catalogue, 'listDocuments' | 'resubmit'>,
): Promise<number> {
  let documents = 0
  let cursor: string | null = null
  do {
    const options: { limit: number; cursor?: string } = { limit: 500, ...(cursor === null ? {} : { cursor }) }
    const page = await catalogue.listDocuments(knowledgeBaseId, options)
    for (const { id } of page.items) await catalogue.resubmit(id, { priority: 'background' })
    documents += page.items.length
    cursor = page.nextCursor
  } while (cursor !== null)
  return documents
}
