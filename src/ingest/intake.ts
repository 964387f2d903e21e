import { basename } from 'node:path'
import type { Catalogue, Released } from '../core/catalogue.js'
import type { ChunkStore, ChunkStores } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'
import type { Submission } from '../core/job.js'
import type { BlobStore } from '../core/ports.js'
import type { SubmitRequest } from '../core/service.js'
import type { Document } from '../core/types.js'
import type { JobRunner } from './jobs/jobs.js'
import type { Originals } from './originals.js'

export interface Intake {
  /**
   * Stores a file and queues its ingest; both are on disk when the promise resolves.
   * @param containerId the document that it was found in
   * @throws InkstoneError `payload_too_large`, `storage_full`, `invalid_request`; `document_not_found` when the
   *   container is gone
   */
  submit(
    knowledgeBaseId: string,
    file: SubmitRequest,
    options?: { containerId?: string; signal?: AbortSignal },
  ): Promise<Submission>
  removeSource(knowledgeBaseId: string, sourceUri: string): Promise<void>
  deleteDocument(documentId: string): Promise<void>
}

interface IntakeParts {
  catalogue: Catalogue
  stores: ChunkStores
  blobs: BlobStore
  originals: Originals
  runner: Pick<JobRunner, 'wake' | 'interrupt' | 'announceEnded'>
  maxUploadBytes: number
}

/**
 * What comes into a knowledge base and goes from it. Whatever changes documents opens their table first: one that cannot
 * be opened is an error before the catalogue says something else than the table.
 */
export function intake({ catalogue, stores, blobs, originals, runner, maxUploadBytes }: IntakeParts): Intake {
  /** What the catalogue gave up goes from the other stores too. Work on it stops first, so that nothing comes back. */
  async function forget(removed: readonly Document[], chunks: ChunkStore, hashes: readonly string[]): Promise<void> {
    const ids = new Set(removed.map(({ id }) => id))
    await runner.interrupt((job) => ids.has(job.documentId))
    for (const id of ids) await chunks.deleteDocument(id)
    await catalogue.removalDone('chunks', [...ids])
    await originals.release(hashes)
  }

  async function give(knowledgeBaseId: string, release: () => Promise<Released>): Promise<void> {
    const chunks = await stores.open(knowledgeBaseId)
    const { removed, orphanedHashes } = await release()
    if (removed.length > 0) await forget(removed, chunks, orphanedHashes)
  }

  return {
    async submit(knowledgeBaseId, { sourceUri, bytes, metadata = {}, passwords, priority }, options = {}) {
      const { containerId, signal } = options
      if (sourceUri.trim() === '') throw new InkstoneError('invalid_request', 'a file needs a name or path (sourceUri)')
      const chunks = await stores.open(knowledgeBaseId)
      const { removed, orphanedHashes, ...submission } = await originals.add(async () => {
        const { hash, sizeBytes } = await blobs.put(bytes, {
          maxBytes: maxUploadBytes,
          ...(signal ? { signal } : {}),
        })
        try {
          return await catalogue.submit({
            knowledgeBaseId,
            sourceUri,
            title: basename(sourceUri),
            mediaType: 'application/octet-stream',
            contentHash: hash,
            sizeBytes,
            metadata,
            ...(passwords ? { passwords } : {}),
            ...(priority ? { priority } : {}),
            ...(containerId ? { containerId } : {}),
          })
        } catch (error) {
          await originals.release([hash])
          throw error
        }
      })
      runner.wake()
      if (removed.length > 0) await forget(removed, chunks, orphanedHashes)
      else if (submission.outcome === 'updated') await runner.announceEnded()
      return submission
    },
    removeSource: (knowledgeBaseId, sourceUri) =>
      give(knowledgeBaseId, () => catalogue.removeSource(knowledgeBaseId, sourceUri)),
    async deleteDocument(documentId) {
      const { knowledgeBaseId } = await catalogue.getDocument(documentId)
      await give(knowledgeBaseId, () => catalogue.deleteDocument(documentId))
    },
  }
}
