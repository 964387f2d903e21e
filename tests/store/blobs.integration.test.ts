import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blobStore } from '../../src/store/blobs.js'
import { blobStoreContract, inParts } from '../support/blob-store-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('blobStore', () => {
  blobStoreContract(async () => blobStore({ dir: await temporaryFolder() }))

  test('leaves no temporary file behind, whatever happens', async () => {
    const dir = await temporaryFolder()
    const blobs = await blobStore({ dir })
    await blobs.put(inParts(new Uint8Array(10)), { maxBytes: 100 })
    await expect(blobs.put(inParts(new Uint8Array(500)), { maxBytes: 100 })).rejects.toThrow()
    const signal = AbortSignal.abort()
    await expect(blobs.put(inParts(new Uint8Array(10)), { maxBytes: 100, signal })).rejects.toThrow()
    expect(await readdir(join(dir, 'incoming'))).toEqual([])
  })

  test('removes what a crash left half written and keeps what was stored', async () => {
    const dir = await temporaryFolder()
    const { hash } = await (await blobStore({ dir })).put(inParts(new Uint8Array(10)), { maxBytes: 100 })
    await mkdir(join(dir, 'incoming'), { recursive: true })
    await writeFile(join(dir, 'incoming', 'half'), 'written')
    const reopened = await blobStore({ dir })
    expect(await readdir(join(dir, 'incoming'))).toEqual([])
    await expect(reopened.path(hash)).resolves.toContain(hash.slice(2))
  })

  test('says that the disk is full when it is', async () => {
    const blobs = await blobStore({ dir: await temporaryFolder() })
    async function* full(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1)
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    await expect(blobs.put(full(), { maxBytes: 10 })).rejects.toMatchObject({ code: 'storage_full' })
  })
})
