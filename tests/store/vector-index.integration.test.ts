import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChunkStore } from '../../src/core/chunk-store.js'
import type { TuneOptions } from '../../src/core/tuning.js'
import { lanceStores } from '../../src/store/lance.js'
import { chunksOf, dimensions, vectorsFor } from '../support/chunk-store-contract.js'
import { collect } from '../support/collect.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { seeded, unitVector } from '../support/unit-vectors.js'

const exactRows = 600

async function open(dir: string) {
  const stores = await lanceStores({ dir, fingerprint: 'test', dimensions, exactRows })
  onTestFinished(() => stores.close())
  return { stores, store: await stores.open('kb_1') }
}

/** Documents of 100 chunks with vectors of their own. */
async function fill(store: ChunkStore, { from, to }: { from: number; to: number }) {
  const documents = Array.from({ length: to - from }, (_, at) => {
    const chunks = chunksOf(
      `doc_${from + at}`,
      Array.from({ length: 100 }, (_, index) => `text ${index}`),
    )
    return { documentId: `doc_${from + at}`, chunks, embeddings: vectorsFor(chunks, from + at + 1) }
  })
  await store.putRevisions(documents)
}

async function tune(store: ChunkStore, options: TuneOptions = {}) {
  const events = await collect(store.tune(options))
  const last = events.at(-1)
  return { events, tuned: last?.stage === 'done' ? last.tuned : undefined }
}

const own = (document: number, index: number) => unitVector((document + 1) * 1000 + index, dimensions)

describe('the vector index', () => {
  test('is there above the threshold only, and below it every search is exact', async () => {
    const { store } = await open(await temporaryFolder())
    await fill(store, { from: 0, to: 5 })
    await store.maintain({ force: true })
    expect(await store.stats()).toMatchObject({ chunks: 500, vectorIndex: null })
    expect((await tune(store)).events).toEqual([{ stage: 'done', tuned: null }])
    await fill(store, { from: 5, to: 7 })
    await store.maintain()
    expect((await store.stats()).vectorIndex).toEqual({
      kind: 'IVF_RQ',
      unindexedRows: 0,
      trainedRows: 700,
      tuning: null,
    })
  })

  test('keeps the cheapest settings that reach the target, over a restart, until it is trained anew', async () => {
    const dir = await temporaryFolder()
    const { stores, store } = await open(dir)
    await fill(store, { from: 0, to: 8 })
    await store.maintain()
    const { events, tuned } = await tune(store, { target: 0.9, random: seeded(3) })
    expect(tuned).toMatchObject({ target: 0.9, queries: 200, measuredWith: 'own vectors' })
    expect(tuned?.chosen.recall).toBeGreaterThanOrEqual(0.9)
    expect(tuned?.steps.slice(0, -1).every(({ recall }) => recall < 0.9)).toBe(true)
    expect(events.filter(({ stage }) => stage === 'measured')).toHaveLength(tuned?.steps.length ?? 0)
    await stores.close()

    const again = await open(dir)
    const { partitions, candidates, recall } = tuned?.chosen ?? {}
    const kept = (await again.store.stats()).vectorIndex
    expect(kept).toMatchObject({ trainedRows: 800, tuning: { partitions, candidates, recall, target: 0.9 } })
    await fill(again.store, { from: 8, to: 15 })
    await again.store.maintain({ force: true })
    expect((await again.store.stats()).vectorIndex).toMatchObject({ trainedRows: 800, unindexedRows: 0 })
    await fill(again.store, { from: 15, to: 16 })
    await again.store.maintain()
    expect((await again.store.stats()).vectorIndex).toMatchObject({ trainedRows: 1600, tuning: null })
  })

  test('is measured with given vectors of questions too', async () => {
    const { store } = await open(await temporaryFolder())
    await fill(store, { from: 0, to: 7 })
    await store.maintain()
    const queries = [1, 2, 3].map((seed) => unitVector(seed, dimensions))
    expect((await tune(store, { queries })).tuned).toMatchObject({ queries: 3, measuredWith: 'queries', target: 0.98 })
    await expect(tune(store, { queries, signal: AbortSignal.abort() })).rejects.toThrow()
  })

  test('leaves out no row that it does not hold yet, and none behind a filter that leaves few', async () => {
    const { store } = await open(await temporaryFolder())
    await fill(store, { from: 0, to: 7 })
    await store.maintain()
    await fill(store, { from: 7, to: 8 })
    expect((await store.stats()).vectorIndex).toMatchObject({ unindexedRows: 100 })
    for (const index of [0, 50, 99]) {
      const [best] = await store.searchDense(own(7, index), { limit: 1 })
      expect(best?.chunk).toMatchObject({ documentId: 'doc_7', index })
    }
    const documents = { mode: 'only' as const, documentIds: ['doc_3'], chunkCount: 100 }
    expect(await store.searchDense(own(0, 0), { limit: 100, documents })).toHaveLength(100)
  })

  test('does without what it knew when its file cannot be read', async () => {
    const dir = await temporaryFolder()
    const { stores, store } = await open(dir)
    await fill(store, { from: 0, to: 7 })
    await store.maintain()
    await stores.close()
    await writeFile(join(dir, 'kb_1.tuning'), 'damaged')
    const again = await open(dir)
    expect((await again.store.stats()).vectorIndex).toMatchObject({ trainedRows: 700, tuning: null })
    expect(await again.store.searchDense(own(0, 0), { limit: 5 })).toHaveLength(5)
    await again.stores.drop('kb_1')
    expect(await (await again.stores.open('kb_1')).stats()).toMatchObject({ chunks: 0, vectorIndex: null })
  })
})
