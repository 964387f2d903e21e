import type { Catalogue } from '../core/catalogue.js'
import type { BlobStore } from '../core/ports.js'

export interface Originals {
  /** Runs what stores a blob and then the reference to it. No blob is deleted meanwhile. */
  add<T>(work: () => Promise<T>): Promise<T>
  /** Deletes these blobs as soon as nothing is being added, unless something refers to them again by then. */
  release(hashes: readonly string[]): Promise<void>
}

/**
 * Keeps blobs and references to them in step: the same content may be handed in again at the very moment at which its
 * last document is deleted.
 */
export function originals({
  blobs,
  catalogue,
}: {
  blobs: Pick<BlobStore, 'delete'>
  catalogue: Pick<Catalogue, 'unreferencedHashes' | 'removalDone'>
}): Originals {
  const released = new Set<string>()
  let adding = 0
  let sweeping: Promise<void> | null = null

  async function sweep(): Promise<void> {
    const hashes = [...released]
    released.clear()
    for (const hash of await catalogue.unreferencedHashes(hashes)) await blobs.delete(hash)
    await catalogue.removalDone('file', hashes)
  }

  async function sweepWhenIdle(): Promise<void> {
    while (adding === 0 && (released.size > 0 || sweeping)) {
      sweeping ??= sweep().finally(() => {
        sweeping = null
      })
      await sweeping
    }
  }

  return {
    async add(work) {
      while (sweeping) await sweeping
      adding++
      try {
        return await work()
      } finally {
        adding--
        // What was added is added. A file that cannot be deleted now is noted in the catalogue and goes at the next start.
        await sweepWhenIdle().catch(() => undefined)
      }
    },
    async release(hashes) {
      for (const hash of hashes) released.add(hash)
      await sweepWhenIdle()
    },
  }
}
