import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { beforeEach, expect, test } from 'vitest'
import type { BlobStore } from '../../src/core/ports.js'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

export async function* inParts(bytes: Uint8Array, partBytes = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes)
}

/** What every BlobStore does. `open` gives an empty one. */
export function blobStoreContract(open: () => Promise<BlobStore>): void {
  let blobs: BlobStore
  beforeEach(async () => {
    blobs = await open()
  })
  const bytes = new Uint8Array(10_500).map((_, at) => at % 251)
  const plenty = { maxBytes: 1_000_000 }

  test('gives back what was put, named by its SHA-256', async () => {
    const stored = await blobs.put(inParts(bytes), plenty)
    expect(stored).toEqual({ hash: sha256(bytes), sizeBytes: 10_500 })
    expect(new Uint8Array(await readFile(await blobs.path(stored.hash)))).toEqual(bytes)
  })

  test('stores an empty file', async () => {
    const { hash, sizeBytes } = await blobs.put(inParts(new Uint8Array()), plenty)
    expect(sizeBytes).toBe(0)
    expect(await readFile(await blobs.path(hash))).toHaveLength(0)
  })

  test('puts the same content at once and again under one name', async () => {
    const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(inParts(bytes), plenty)))
    expect(new Set(stored.map(({ hash }) => hash)).size).toBe(1)
    const [first] = stored
    expect(new Uint8Array(await readFile(await blobs.path(first?.hash ?? '')))).toEqual(bytes)
  })

  test('takes exactly maxBytes and refuses one more', async () => {
    await expect(blobs.put(inParts(bytes), { maxBytes: 10_500 })).resolves.toBeDefined()
    const refused = blobs.put(inParts(bytes), { maxBytes: 10_499 })
    await expect(refused).rejects.toMatchObject({ code: 'payload_too_large' })
  })

  test('stops when the signal fires, also while no bytes come', async () => {
    const abort = new AbortController()
    async function* stuck(): AsyncGenerator<Uint8Array> {
      yield bytes
      abort.abort()
      await new Promise(() => {})
    }
    const put = blobs.put(stuck(), { ...plenty, signal: abort.signal })
    await expect(put).rejects.toMatchObject({ code: 'cancelled' })
    await expect(blobs.path(sha256(bytes))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('hands on what its source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes
      throw new Error('the client hung up')
    }
    await expect(blobs.put(broken(), plenty)).rejects.toThrow('the client hung up')
  })

  test('does not find what was never put or was deleted', async () => {
    await expect(blobs.path(sha256(new Uint8Array([1])))).rejects.toMatchObject({ code: 'not_found' })
    const { hash } = await blobs.put(inParts(bytes), plenty)
    await blobs.delete(hash)
    await blobs.delete(hash)
    await expect(blobs.path(hash)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('takes nothing but a hash for a name', async () => {
    for (const name of ['../../etc/passwd', '', 'AB'.repeat(32)]) {
      await expect(blobs.path(name)).rejects.toMatchObject({ code: 'not_found' })
    }
  })
}
