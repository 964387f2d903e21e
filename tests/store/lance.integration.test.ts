import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lanceStores, type Recovery } from '../../src/store/lance.js'
import { chunkStoreContract, dimensions, put } from '../support/chunk-store-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { unitVector } from '../support/unit-vectors.js'

const settings = { fingerprint: 'model-a', dimensions }
const everything = { limit: 100 }

async function openStores(options: Partial<Parameters<typeof lanceStores>[0]> = {}) {
  const recoveries: Recovery[] = []
  const dir = options.dir ?? (await temporaryFolder())
  const stores = await lanceStores({ ...settings, onRecovered: (event) => recoveries.push(event), ...options, dir })
  onTestFinished(() => stores.close())
  return { dir, stores, recoveries }
}

async function newestManifest(dir: string): Promise<string> {
  const folder = join(dir, 'kb_1.lance', '_versions')
  const [newest] = (await readdir(folder)).filter((name) => name.endsWith('.manifest')).sort()
  return join(folder, newest ?? 'none')
}

/** A home in which `doc_1` is acknowledged; the commit of `doc_2` is on disk but was not acknowledged. */
async function homeWithUnacknowledgedCommit() {
  const { dir, stores } = await openStores()
  const store = await stores.open('kb_1')
  await put(store, 'doc_1', ['alpha'])
  const acknowledged = await readFile(join(dir, 'kb_1.versions'), 'utf8')
  await put(store, 'doc_2', ['beta'])
  await stores.close()
  await writeFile(join(dir, 'kb_1.versions'), acknowledged)
  return dir
}

describe('lanceStores', () => {
  chunkStoreContract(async () => (await openStores()).stores)

  test('shows everything again when it is reopened', async () => {
    const { dir, stores } = await openStores()
    const chunks = await put(await stores.open('kb_1'), 'doc_1', ['alpha 泵站', 'beta'])
    await stores.close()
    const again = await (await openStores({ dir })).stores.open('kb_1')
    expect(await again.listChunks({ documentId: 'doc_1', revision: 1 })).toEqual(chunks)
    expect(await again.searchLexical('泵站', everything)).toHaveLength(1)
    expect(await again.searchDense(unitVector(1000, dimensions), everything)).toHaveLength(2)
  })

  test('gives the same store for the same knowledge base', async () => {
    const { stores } = await openStores()
    const [one, other] = await Promise.all([stores.open('kb_1'), stores.open('kb_1')])
    expect(one).toBe(other)
  })

  test('refuses a table of another embedder by name, and takes it after a drop', async () => {
    const { dir, stores } = await openStores()
    await put(await stores.open('kb_1'), 'doc_1', ['alpha'])
    await stores.close()
    const other = await openStores({ dir, fingerprint: 'model-b' })
    await expect(other.stores.open('kb_1')).rejects.toMatchObject({
      code: 'embedding_mismatch',
      message: expect.stringMatching(/model-a.*model-b/),
      remedy: expect.stringContaining('inkstone kb reindex kb_1'),
    })
    await other.stores.drop('kb_1')
    expect(await (await other.stores.open('kb_1')).countChunks()).toBe(0)
  })

  test('takes no path for an id', async () => {
    const { stores } = await openStores()
    await expect(stores.open('../kb_1')).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('says that a knowledge base has gone when it is dropped under a reader', async () => {
    const { stores } = await openStores()
    const store = await stores.open('kb_1')
    await stores.drop('kb_1')
    await expect(store.countChunks()).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
    await expect(put(store, 'doc_1', ['alpha'])).rejects.toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test.each([
    ['is empty', (path: string) => truncate(path, 0)],
    ['is cut short', (path: string) => truncate(path, 100)],
    ['is garbage', (path: string) => writeFile(path, Buffer.alloc(5_000, 7))],
    ['is intact, but refers to data that may be lost', async () => {}],
  ])('goes back to the last acknowledged version when a newer manifest %s', async (_, damage) => {
    const dir = await homeWithUnacknowledgedCommit()
    await damage(await newestManifest(dir))
    const { stores, recoveries } = await openStores({ dir })
    const store = await stores.open('kb_1')
    expect(recoveries).toEqual([
      { knowledgeBaseId: 'kb_1', quarantinedVersions: [expect.any(Number)], acknowledgedLost: false },
    ])
    expect(await store.listChunks({ documentId: 'doc_1', revision: 1 })).toHaveLength(1)
    expect(await store.listChunks({ documentId: 'doc_2', revision: 1 })).toEqual([])
    await put(store, 'doc_2', ['beta again'])
    await stores.close()
    const again = await openStores({ dir })
    expect(await (await again.stores.open('kb_1')).countChunks()).toBe(2)
    expect(again.recoveries).toEqual([])
    expect(await readdir(join(dir, 'quarantine', 'kb_1'))).toHaveLength(1)
  })

  test('says so when an acknowledged version is damaged, and goes on with the one before', async () => {
    const { dir, stores } = await openStores()
    const store = await stores.open('kb_1')
    await put(store, 'doc_1', ['alpha'])
    await put(store, 'doc_2', ['beta'])
    await stores.close()
    await truncate(await newestManifest(dir), 0)
    const again = await openStores({ dir })
    expect(await (await again.stores.open('kb_1')).countChunks()).toBe(1)
    expect(again.recoveries).toMatchObject([{ acknowledgedLost: true }])
  })

  test('names the remedy when nothing of a table can be read', async () => {
    const { dir, stores } = await openStores()
    await put(await stores.open('kb_1'), 'doc_1', ['alpha'])
    await stores.close()
    await rm(join(dir, 'kb_1.lance'), { recursive: true })
    const again = (await openStores({ dir })).stores
    const refused = { code: 'store_corrupt', remedy: expect.stringContaining('reindex') }
    await expect(again.open('kb_1')).rejects.toMatchObject(refused)
    await again.drop('kb_1')
    expect(await (await again.open('kb_1')).countChunks()).toBe(0)
  })

  test('makes a table anew when a kill has left it half made', async () => {
    const { dir, stores } = await openStores()
    await stores.open('kb_1')
    await stores.close()
    await rm(join(dir, 'kb_1.versions'))
    await rm(await newestManifest(dir))
    const again = await openStores({ dir })
    await put(await again.stores.open('kb_1'), 'doc_1', ['alpha'])
    expect(again.recoveries).toEqual([])
  })

  test('does not count a version whose record was cut short', async () => {
    const { dir, stores } = await openStores()
    await put(await stores.open('kb_1'), 'doc_1', ['alpha'])
    await stores.close()
    await appendFile(join(dir, 'kb_1.versions'), '99')
    const again = await openStores({ dir })
    expect(await (await again.stores.open('kb_1')).countChunks()).toBe(1)
    expect(again.recoveries).toEqual([])
  })

  test('folds fragments when there are many, and keeps the versions of the last hour', async () => {
    const { stores } = await openStores()
    const store = await stores.open('kb_1')
    for (let at = 0; at < 102; at += 1) await put(store, `doc_${at}`, ['alpha'])
    const before = await store.stats()
    expect(before.fragments).toBe(102)
    await store.maintain()
    const after = await store.stats()
    expect(after).toMatchObject({ chunks: 102, unindexedRows: 0 })
    // Rows that were in the indexes and those that were not are not folded into one at once.
    expect(after.fragments).toBeLessThanOrEqual(2)
    expect(after.versions).toBeGreaterThanOrEqual(before.versions)
    expect(await store.searchLexical('alpha', everything)).toHaveLength(100)
  })
})
