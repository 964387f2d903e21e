import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { BlobStore } from '../core/ports.js'
import { fsyncFolder, isMissing, namesIn } from './fsync.js'

/**
 * Files named by the SHA-256 of their content, under `dir/sha256/ab/cdef…`. What a crash left half written is removed
 * here; nothing else may write to `dir`.
 */
export async function blobStore({ dir }: { dir: string }): Promise<BlobStore> {
  const incoming = join(dir, 'incoming')
  await mkdir(incoming, { recursive: true })
  await mkdir(join(dir, 'sha256'), { recursive: true })
  await fsyncFolder(dir)
  for (const name of await namesIn(incoming)) await rm(join(incoming, name), { recursive: true })

  const placeOf = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new InkstoneError('not_found', 'not a SHA-256 in hex')
    return join(dir, 'sha256', hash.slice(0, 2), hash.slice(2))
  }

  return {
    async put(bytes, { maxBytes, signal }) {
      const temporary = join(incoming, randomUUID())
      try {
        const stored = await receive(bytes, temporary, { maxBytes, ...(signal ? { signal } : {}) })
        const place = placeOf(stored.hash)
        await settle(temporary, place)
        return stored
      } catch (thrown) {
        await rm(temporary, { force: true })
        throw toInkstoneError(thrown)
      }
    },

    async path(hash) {
      const place = placeOf(hash)
      if (await exists(place)) return place
      throw new InkstoneError('not_found', `the original file ${hash.slice(0, 12)}… is not in the store`)
    },

    async delete(hash) {
      await rm(placeOf(hash), { force: true })
    },
  }
}

async function receive(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal },
): Promise<{ hash: string; sizeBytes: number }> {
  const digest = createHash('sha256')
  let sizeBytes = 0
  const file = await open(path, 'wx')
  try {
    for await (const part of abortable(bytes, signal)) {
      sizeBytes += part.byteLength
      if (sizeBytes > maxBytes) {
        throw new InkstoneError('payload_too_large', `the file is larger than ${maxBytes} bytes`, {
          remedy: 'split the file, or raise the limit for uploads',
        })
      }
      digest.update(part)
      await file.writeFile(part)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { hash: digest.digest('hex'), sizeBytes }
}

/** Ends with `cancelled` as soon as the signal fires, also while the source keeps us waiting for its next bytes. */
async function* abortable(bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]()
  let ended = false
  try {
    while (!ended) {
      const next = await nextUnlessAborted(iterator, signal)
      if (next.done) ended = true
      else yield next.value
    }
  } finally {
    // Not awaited: a source that waits for bytes that never come would keep the caller waiting as well.
    if (!ended) void iterator.return?.(undefined)?.catch(() => undefined)
  }
}

/** Not a race against one promise for the signal: that promise would hold on to every part until the upload ends. */
function nextUnlessAborted(
  iterator: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<Uint8Array>> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new InkstoneError('cancelled', 'the upload was cancelled', { cause: signal?.reason }))
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', cancel))
  })
}

/**
 * Moves a synced file to its place and has the names on the way there on disk. Both folders are synced even when the
 * blob is there already: whoever put it may not have come so far yet.
 */
async function settle(temporary: string, place: string): Promise<void> {
  const folder = dirname(place)
  await mkdir(folder, { recursive: true })
  await rename(temporary, place)
  await fsyncFolder(folder)
  await fsyncFolder(dirname(folder))
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (thrown) {
    if (isMissing(thrown)) return false
    throw thrown
  }
}
