import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { compiledUrl } from '../../src/core/compiled.js'
import { lanceStores } from '../../src/store/lance.js'
import { takeStepApart } from '../../src/store/upkeep-process.js'
import { chunksOf, dimensions, put, vectorsFor } from '../support/chunk-store-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const environment = { ...process.env }

async function openTable(dir: string) {
  const stores = await lanceStores({ dir, fingerprint: 'model', dimensions, environment: { ...environment } })
  onTestFinished(() => stores.close())
  return stores.open('kb_1')
}

describe('takeStepApart', () => {
  test('folds a large table under one that has it open, which goes on with what came of it', async () => {
    const dir = await temporaryFolder()
    const store = await openTable(dir)
    const texts = Array.from({ length: 1_200 }, (_, row) => `alpha ${row}`)
    for (const documentId of ['doc_1', 'doc_2']) await put(store, documentId, texts)
    const before = await store.stats()
    await store.maintain({ force: true })
    const after = await store.stats()
    expect(after).toMatchObject({ chunks: 2_400, unindexedRows: 0 })
    expect(after.fragments).toBeLessThan(before.fragments)
    const chunks = chunksOf('doc_2', ['beta'], 2)
    await store.putRevisions([{ documentId: 'doc_2', chunks, embeddings: vectorsFor(chunks, 2) }])
    await store.dropRevisions([{ documentId: 'doc_2', current: 2, latest: 2 }])
    expect(await store.countChunks()).toBe(1_201)
    expect(await store.searchLexical('beta', { limit: 10 })).toHaveLength(1)
  })

  test('shows what it did after the table is opened again', async () => {
    const dir = await temporaryFolder()
    const stores = await lanceStores({ dir, fingerprint: 'model', dimensions, environment: { ...environment } })
    const store = await stores.open('kb_1')
    const texts = Array.from({ length: 1_200 }, (_, row) => `alpha ${row}`)
    await put(store, 'doc_1', texts)
    await store.maintain({ force: true })
    const { versions } = await store.stats()
    await stores.close()
    const again = await openTable(dir)
    expect(await again.stats()).toMatchObject({ chunks: 1_200, unindexedRows: 0, versions })
  })

  test('says what LanceDB says when it cannot', async () => {
    const folder = join(await temporaryFolder(), 'kb_missing.lance')
    await expect(takeStepApart({ folder, step: 'fold' }, { environment })).rejects.toThrow(/kb_missing/)
  })

  test('writes nothing more when the one that asked is gone', async () => {
    const dir = await temporaryFolder()
    const store = await openTable(dir)
    for (const documentId of ['doc_1', 'doc_2', 'doc_3']) await put(store, documentId, ['alpha'])
    const { versions } = await store.stats()
    const child = fork(compiledUrl('upkeep-child.js', new URL('../../src/store/x.ts', import.meta.url).href), [], {
      env: environment,
      execArgv: [],
    })
    const ended = once(child, 'exit')
    await once(child, 'spawn')
    child.send({ folder: join(dir, 'kb_1.lance'), step: 'fold' })
    child.disconnect()
    await ended
    expect((await store.stats()).versions).toBe(versions)
  })
})
