import { describe, expect, test } from 'vitest'
import type { ChunkStore, ChunkStores, WordConditions } from '../../src/core/chunk-store.js'
import { groupBy } from '../../src/core/group-by.js'
import type { Chunk } from '../../src/core/types.js'
import { makeChunk } from './chunks.js'
import { unitVector } from './unit-vectors.js'

export const dimensions = 16
const everything = { limit: 100 }
const only = (documentIds: string[]) => ({ mode: 'only' as const, documentIds, chunkCount: 1 })
const texts = (found: readonly { chunk: Chunk }[]) => found.map(({ chunk }) => chunk.text)

/** Chunks of one document with one text each; their ids say which revision they belong to. */
export function chunksOf(documentId: string, given: readonly string[], revision = 1): Chunk[] {
  return given.map((text, index) =>
    makeChunk({ id: `chk_${documentId}_${revision}_${index}`, documentId, revision, index, text }),
  )
}

export function vectorsFor(chunks: readonly Chunk[], seed = 1): Float32Array[] {
  return chunks.map((_, at) => unitVector(seed * 1000 + at, dimensions))
}

export async function put(store: ChunkStore, documentId: string, given: readonly string[], revision = 1) {
  const chunks = chunksOf(documentId, given, revision)
  await store.putRevisions([{ documentId, chunks: chunks, embeddings: vectorsFor(chunks, revision) }])
  return chunks
}

const listed = async (store: ChunkStore, documentId: string, revision = 1) =>
  (await store.listChunks({ documentId, revision })).map(({ text }) => text)

/** What all ChunkStores do. `open` gives empty ones, of 16 dimensions, and closes them when the test has ended. */
export function chunkStoreContract(open: () => Promise<ChunkStores>): void {
  const openOne = async () => (await open()).open('kb_1')

  describe('keeping', () => {
    test('gives back chunks as they were put, in order', async () => {
      const store = await openOne()
      const chunks = [
        makeChunk({ id: 'chk_b', index: 1, text: '第二 “quoted” \u0000 end', page: null, headingPath: [] }),
        makeChunk({ id: 'chk_a', index: 0, text: "it's", headingPath: ['泵', 'Pumps'], kind: 'table' }),
      ]
      await store.putRevisions([{ documentId: 'doc_1', chunks: chunks, embeddings: vectorsFor(chunks) }])
      expect(await store.listChunks({ documentId: 'doc_1', revision: 1 })).toEqual([chunks[1], chunks[0]])
      expect(await store.countChunks()).toBe(2)
    })

    test('keeps the revisions of a document beside each other until one is dropped', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['alpha one', 'alpha two', 'alpha three'], 1)
      await put(store, 'doc_2', ['alpha four'], 1)
      await put(store, 'doc_1', ['beta one'], 2)
      expect(await listed(store, 'doc_1', 1)).toEqual(['alpha one', 'alpha two', 'alpha three'])
      expect(await listed(store, 'doc_1', 2)).toEqual(['beta one'])
      await store.dropRevisions([{ documentId: 'doc_1', current: 2, latest: 2 }])
      expect(texts(await store.searchLexical('alpha', everything))).toEqual(['alpha four'])
      expect(await listed(store, 'doc_1', 1)).toEqual([])
      expect(await listed(store, 'doc_1', 2)).toEqual(['beta one'])
      expect(await store.countChunks()).toBe(2)
    })

    test('drops what was stored in vain, of many documents at once, and nothing that comes after', async () => {
      const store = await openOne()
      const ids = Array.from({ length: 1_200 }, (_, at) => `doc_${at}`)
      const putAll = (revision: number) =>
        store.putRevisions(
          ids.map((documentId) => {
            const chunks = chunksOf(documentId, [`alpha ${revision}`], revision)
            return { documentId, chunks, embeddings: vectorsFor(chunks) }
          }),
        )
      for (const revision of [1, 2, 3]) await putAll(revision)
      const stale = ids.map((documentId, at) => ({ documentId, current: at % 3, latest: 2 }))
      await store.dropRevisions(stale.slice(0, 1_100))
      const kept = async (documentId: string) =>
        (await Promise.all([1, 2, 3].map((revision) => listed(store, documentId, revision)))).map((of) => of.length)
      expect(await Promise.all(['doc_0', 'doc_1', 'doc_1097', 'doc_1100'].map(kept))).toEqual([
        [0, 0, 1],
        [1, 0, 1],
        [0, 1, 1],
        [1, 1, 1],
      ])
      const { versions } = await store.stats()
      await store.dropRevisions(stale.slice(0, 1_100))
      await store.dropRevisions([])
      expect((await store.stats()).versions).toBe(versions)
    })

    test('lists a part of a document', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['zero', 'one', 'two', 'three'])
      await put(store, 'doc_2', ['other zero', 'other one'])
      await put(store, 'doc_1', ['newer zero', 'newer one'], 2)
      const indexes = async (first: number, last: number) =>
        (await store.listChunks({ documentId: 'doc_1', revision: 1 }, { first, last })).map(
          ({ index, text }) => `${index} ${text}`,
        )
      expect(await indexes(1, 2)).toEqual(['1 one', '2 two'])
      expect(await indexes(3, 9)).toEqual(['3 three'])
      expect(await indexes(4, 9)).toEqual([])
    })

    test('puts a revision of many chunks in place of what an attempt at it that broke off has left', async () => {
      const store = await openOne()
      const many = Array.from({ length: 4_500 }, (_, index) => `alpha ${index}`)
      await put(store, 'doc_1', ['beta one', 'beta two'], 1)
      await put(store, 'doc_2', ['alpha of another document'], 1)
      const left = chunksOf('doc_1', ['alpha left behind'], 2).map((chunk) => ({ ...chunk, id: 'chk_left' }))
      await store.putRevisions([{ documentId: 'doc_1', chunks: left, embeddings: vectorsFor(left) }])
      await put(store, 'doc_1', many, 2)
      expect(await listed(store, 'doc_1', 2)).toEqual(many)
      expect(await listed(store, 'doc_1', 1)).toEqual(['beta one', 'beta two'])
      expect(await store.countChunks()).toBe(many.length + 3)
      await put(store, 'doc_1', many.toReversed(), 3)
      expect(await listed(store, 'doc_1', 3)).toEqual(many.toReversed())
      expect(await listed(store, 'doc_1', 2)).toEqual(many)
    })

    test('takes documents that it knows and others together, and many chunks of one that it does not', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['alpha one', 'alpha two'], 1)
      const group = [chunksOf('doc_1', ['beta one'], 2), chunksOf('doc_2', ['beta two']), chunksOf('doc_3', [])]
      await store.putRevisions(
        group.map((chunks, at) => ({ documentId: `doc_${at + 1}`, chunks, embeddings: vectorsFor(chunks) })),
      )
      expect(await listed(store, 'doc_1', 1)).toEqual(['alpha one', 'alpha two'])
      expect(await listed(store, 'doc_1', 2)).toEqual(['beta one'])
      expect(await listed(store, 'doc_2')).toEqual(['beta two'])
      expect(await listed(store, 'doc_3')).toEqual([])
      const many = Array.from({ length: 2_300 }, (_, index) => `gamma ${index}`)
      await put(store, 'doc_4', many)
      expect(await listed(store, 'doc_4')).toEqual(many)
      await put(store, 'doc_4', many)
      expect(await listed(store, 'doc_4')).toEqual(many)
      expect(await store.countChunks()).toBe(many.length + 4)
    })

    test('deletes a document, and what is not there without complaint', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['alpha'])
      await put(store, 'doc_1', ['alpha'], 2)
      await put(store, 'doc_2', ['beta'])
      await store.deleteDocument('doc_1')
      await store.deleteDocument('doc_9')
      await store.dropRevisions([{ documentId: 'doc_2', current: 0, latest: 1 }])
      expect(await store.countChunks()).toBe(0)
      expect(await store.searchLexical('alpha', everything)).toEqual([])
      expect(await store.searchDense(unitVector(1000, dimensions), everything)).toEqual([])
    })

    test('refuses embeddings of other dimensions, and too few of them', async () => {
      const store = await openOne()
      const chunks = chunksOf('doc_1', ['alpha'])
      const wrong = store.putRevisions([{ documentId: 'doc_1', chunks: chunks, embeddings: [unitVector(1, 8)] }])
      await expect(wrong).rejects.toMatchObject({ code: 'embedding_mismatch' })
      await expect(store.putRevisions([{ documentId: 'doc_1', chunks: chunks, embeddings: [] }])).rejects.toMatchObject(
        { code: 'internal' },
      )
      expect(await store.countChunks()).toBe(0)
    })

    test('keeps knowledge bases apart and drops one for good', async () => {
      const stores = await open()
      await put(await stores.open('kb_1'), 'doc_1', ['alpha'])
      await put(await stores.open('kb_2'), 'doc_1', ['beta'])
      await stores.drop('kb_1')
      await stores.drop('kb_never')
      expect(await (await stores.open('kb_1')).countChunks()).toBe(0)
      expect(await listed(await stores.open('kb_2'), 'doc_1')).toEqual(['beta'])
    })
  })

  describe('searching', () => {
    test('finds nothing in an empty table', async () => {
      const store = await openOne()
      expect(await store.searchLexical('alpha', everything)).toEqual([])
      expect(await store.searchLexical('泵', everything)).toEqual([])
      expect(await store.searchDense(unitVector(1, dimensions), everything)).toEqual([])
      await store.maintain({ force: true })
      expect(await store.stats()).toMatchObject({ chunks: 0, unindexedRows: 0 })
    })

    test('finds every two-character word of Chinese, first the chunks that have it', async () => {
      const store = await openOne()
      const corpus = ['离心泵的额定流量为五十立方米', '电机额定功率', '流量计的安装', 'Centrifugal pump', '额外定金']
      await put(store, 'doc_1', corpus)
      for (const maintained of [false, true]) {
        if (maintained) await store.maintain({ force: true })
        for (const word of ['额定', '流量', '泵的', '电机', '安装', '定额']) {
          const expected = corpus.filter((text) => text.includes(word))
          const found = await store.searchLexical(word, everything)
          expect(texts(found).slice(0, expected.length).sort(), word).toEqual(expected.sort())
        }
      }
    })

    test('finds a single character, and folded forms', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['离心泵与真空泵', '离心泵的流量很大，介绍如下', '电机', "it's"])
      expect(texts(await store.searchLexical('泵', everything))).toEqual([
        '离心泵与真空泵',
        '离心泵的流量很大，介绍如下',
      ])
      expect(texts(await store.searchLexical('⾼', everything))).toEqual([])
      expect(texts(await store.searchLexical('⼼泵的流量', { limit: 1 }))).toEqual(['离心泵的流量很大，介绍如下'])
      expect(texts(await store.searchLexical('電機', { limit: 1 }))).toEqual(['电机'])
    })

    test('finds part numbers whole and in parts, the whole ones best', async () => {
      const store = await openOne()
      await put(store, 'doc_1', [
        '选用IH65-50-160型泵',
        '选用IH65-50-125型泵',
        '按 GB/T 19001-2016 检验',
        '螺栓 M12×1.75',
      ])
      expect(texts(await store.searchLexical('ih65-50-160', { limit: 1 }))).toEqual(['选用IH65-50-160型泵'])
      expect(texts(await store.searchLexical('IH65', everything))).toHaveLength(2)
      expect(texts(await store.searchLexical('19001', everything))).toEqual(['按 GB/T 19001-2016 检验'])
      expect(texts(await store.searchLexical('GB/T 19001-2016', everything))).toEqual(['按 GB/T 19001-2016 检验'])
      expect(texts(await store.searchLexical('M12x1.75', everything))).toEqual(['螺栓 M12×1.75'])
    })

    test('finds by title and heading too', async () => {
      const store = await openOne()
      const chunk = makeChunk({ text: 'body', documentTitle: '阀门手册', headingPath: ['Torque values'] })
      await store.putRevisions([{ documentId: 'doc_1', chunks: [chunk], embeddings: [unitVector(1, dimensions)] }])
      expect(texts(await store.searchLexical('阀门', everything))).toEqual(['body'])
      expect(texts(await store.searchLexical('torque', everything))).toEqual(['body'])
    })

    test('ranks by BM25 and by cosine, higher for better, within the limit', async () => {
      const store = await openOne()
      const chunks = chunksOf('doc_1', ['pump seal', 'pump pump pump', 'seal of a valve and many other words besides'])
      const vectors = vectorsFor(chunks)
      await store.putRevisions([{ documentId: 'doc_1', chunks: chunks, embeddings: vectors }])
      const lexical = await store.searchLexical('pump seal', everything)
      expect(texts(lexical)[0]).toBe('pump seal')
      expect(lexical.every(({ score }, at) => score > 0 && score <= (lexical[at - 1]?.score ?? Infinity))).toBe(true)
      for (const [at, vector] of vectors.entries()) {
        const dense = await store.searchDense(vector, everything)
        expect(dense[0]?.chunk.index).toBe(at)
        expect(dense[0]?.score).toBeCloseTo(1, 5)
        for (const { chunk, score } of dense) expect(score).toBeCloseTo(cosine(vector, vectors[chunk.index]), 5)
      }
      expect(await store.searchLexical('pump', { limit: 1 })).toHaveLength(1)
      expect(await store.searchDense(unitVector(1, dimensions), { limit: 2 })).toHaveLength(2)
    })

    test('ranks what was just put among the rest, also where the limit cuts', async () => {
      const store = await openOne()
      const weak = Array.from({ length: 12 }, (_, at) => `alpha ${'filler '.repeat(20)}w${at}`)
      await put(store, 'doc_1', [...weak, 'alpha alpha'])
      expect(texts(await store.searchLexical('alpha', { limit: 1 }))).toEqual(['alpha alpha'])
      await put(store, 'doc_2', [...weak.slice(0, 6), 'alpha beta beta'])
      expect(texts(await store.searchLexical('alpha beta', { limit: 1 }))).toEqual(['alpha beta beta'])
      await store.deleteDocument('doc_1')
      expect(texts(await store.searchLexical('alpha', { limit: 1 }))).toEqual(['alpha beta beta'])
    })

    test('takes any text for a query', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ["it's alpha"])
      for (const query of ['', '   ', '？！', "' OR '1'='1", '"alpha', 'alpha) AND (', '*', '\u0000', '\ud800', '\\']) {
        await expect(store.searchLexical(query, everything)).resolves.toBeInstanceOf(Array)
      }
      expect(await store.searchLexical('alpha '.repeat(50_000), everything)).toHaveLength(1)
    })
  })

  describe('filtering', () => {
    test('keeps both searches to the documents that were asked for', async () => {
      const store = await openOne()
      for (const id of ['doc_1', 'doc_2', 'doc_3']) await put(store, id, [`alpha in ${id}`])
      for (const documents of [
        only(['doc_1', 'doc_3', 'doc_none']),
        { mode: 'except' as const, documentIds: ['doc_2', 'doc_none'], chunkCount: 2 },
      ]) {
        const both = await Promise.all([
          store.searchLexical('alpha', { limit: 2, documents }),
          store.searchDense(unitVector(2000, dimensions), { limit: 2, documents }),
        ])
        for (const found of both) expect(texts(found).sort()).toEqual(['alpha in doc_1', 'alpha in doc_3'])
      }
      const none = { mode: 'except' as const, documentIds: [], chunkCount: 3 }
      expect(await store.searchLexical('alpha', { limit: 9, documents: none })).toHaveLength(3)
      expect(await store.searchLexical('alpha', { limit: 9, documents: only([]) })).toEqual([])
      expect(await store.searchDense(unitVector(1, dimensions), { limit: 9, documents: only([]) })).toEqual([])
    })

    test('takes a hostile value for nothing but a value', async () => {
      const store = await openOne()
      await put(store, 'doc_1', ['alpha'])
      const hostile = [
        "' OR 1=1 --",
        "doc_1' --",
        "x') OR (documentId = 'doc_1",
        '\\',
        "\\'",
        '"',
        '%',
        "''",
        '\u0000',
        '',
      ]
      for (const id of hostile) {
        expect(await store.searchLexical('alpha', { limit: 9, documents: only([id]) }), id).toEqual([])
        expect(await listed(store, id), id).toEqual([])
        await store.dropRevisions([{ documentId: id, current: 0, latest: 9 }])
        await store.deleteDocument(id)
        await put(store, id, [`mine: ${id}`])
        expect(await listed(store, id)).toEqual([`mine: ${id}`])
        await store.deleteDocument(id)
        expect(await store.countChunks(), id).toBe(1)
      }
    })
  })

  describe('words', () => {
    const none: WordConditions = { phrases: [], excluded: [], titles: [] }
    const chunks = [
      makeChunk({ id: 'chk_0', index: 0, text: 'alpha The mechanical\nseal of IH65-50-160' }),
      makeChunk({ id: 'chk_1', index: 1, text: 'alpha 機械密封的更換', headingPath: ['維護', 'Spare parts'] }),
      makeChunk({ id: 'chk_2', index: 2, text: 'alpha seal, mechanical', tableHeader: 'Part | 型号', kind: 'table' }),
      makeChunk({ id: 'chk_3', index: 3, text: "alpha it's a category", documentTitle: '离心泵手册' }),
    ]
    const openFilled = async () => {
      const store = await openOne()
      await store.putRevisions([{ documentId: 'doc_1', chunks, embeddings: vectorsFor(chunks) }])
      return store
    }
    /** Places of what both searches find; they must agree. */
    async function found(store: ChunkStore, given: Partial<WordConditions>, documents = only(['doc_1'])) {
      const options = { limit: 9, documents, words: { ...none, ...given } }
      const lists = await Promise.all([
        store.searchLexical('alpha', options),
        store.searchDense(unitVector(1000, dimensions), options),
      ])
      const [lexical, dense] = lists.map((list) => list.map(({ chunk }) => chunk.index).sort())
      expect(lexical).toEqual(dense)
      return lexical
    }

    test('keeps both searches to chunks that hold every phrase, in text, table header, headings or title', async () => {
      const store = await openFilled()
      expect(await found(store, { phrases: ['Mechanical Seal'] })).toEqual([0])
      expect(await found(store, { phrases: ['机械密封', 'spare  parts'] })).toEqual([1])
      expect(await found(store, { phrases: ['ＩＨ６５'] })).toEqual([0])
      expect(await found(store, { phrases: ['型号'] })).toEqual([2])
      expect(await found(store, { phrases: ['离心泵'] })).toEqual([3])
      expect(await found(store, { phrases: ['cat'] })).toEqual([])
      expect(await found(store, { phrases: ['册 alpha'] })).toEqual([])
      expect(await found(store, { phrases: ['Mechanical Seal'] }, only(['doc_2']))).toEqual([])
    })

    test('leaves out chunks that hold a word, and those without a table header or headings stay', async () => {
      const store = await openFilled()
      expect(await found(store, { excluded: ['nowhere'] })).toEqual([0, 1, 2, 3])
      expect(await found(store, { excluded: ['SEAL', '维护'] })).toEqual([3])
      expect(await found(store, { excluded: ['cat', '型号'] })).toEqual([0, 1, 3])
    })

    test('looks for titles in the title and the headings alone', async () => {
      const store = await openFilled()
      expect(await found(store, { titles: ['手册'] })).toEqual([3])
      expect(await found(store, { titles: ['维护'] })).toEqual([1])
      expect(await found(store, { titles: ['manual'], excluded: ['parts'] })).toEqual([0, 2])
      expect(await found(store, { titles: ['seal'] })).toEqual([])
    })

    test('finds the best that hold the words, also where the limit would cut before them', async () => {
      const store = await openOne()
      await put(store, 'doc_1', [
        ...Array.from({ length: 40 }, () => 'alpha alpha'),
        `alpha rare ${'filler '.repeat(30)}`,
      ])
      const options = { limit: 1, words: { ...none, phrases: ['rare'] } }
      expect((await store.searchLexical('alpha', options)).map(({ chunk }) => chunk.index)).toEqual([40])
      expect((await store.searchDense(unitVector(1000, dimensions), options))[0]?.chunk.index).toBe(40)
    })

    test('takes a hostile or endless text for nothing but a text', async () => {
      const store = await openFilled()
      for (const text of [
        "it's a",
        "' OR true --",
        "x') OR ('",
        '.*',
        '[',
        '(?i)',
        '\\',
        '\\E',
        '\u0000',
        '\ud800',
        '泵'.repeat(4_000),
      ]) {
        expect(await found(store, { phrases: [text] }), text).toEqual(text === "it's a" ? [3] : [])
        expect(await found(store, { excluded: [text] }), text).toHaveLength(text === "it's a" ? 3 : 4)
      }
    })
  })

  describe('at the same time', () => {
    test('shows readers each revision whole while others come and go', async () => {
      const store = await openOne()
      const many = (word: string) => Array.from({ length: 20 }, (_, at) => `alpha ${word}${at}`)
      await put(store, 'doc_1', many('r1x'), 1)
      let writing = true
      const sizes = new Set<number>()
      let least = Number.POSITIVE_INFINITY
      const reading = (async () => {
        while (writing) {
          const found = await store.searchLexical('alpha', everything)
          const revisions = groupBy(found, ({ chunk }) => chunk.revision)
          for (const { length } of revisions.values()) sizes.add(length)
          least = Math.min(least, revisions.size)
        }
      })()
      for (let revision = 2; revision <= 12; revision += 1) {
        await put(store, 'doc_1', many(`r${revision}x`), revision)
        await store.dropRevisions([{ documentId: 'doc_1', current: revision, latest: revision }])
      }
      writing = false
      await reading
      expect([[...sizes], least]).toEqual([[20], 1])
    })

    test('leaves no duplicates when many documents, and one document many times, are put at once', async () => {
      const store = await openOne()
      const different = Array.from({ length: 40 }, (_, at) => put(store, `doc_${at}`, ['alpha', 'beta']))
      const same = Array.from({ length: 40 }, (_, at) => put(store, 'doc_same', ['gamma', 'delta'], at + 1))
      const sameIds = Array.from({ length: 10 }, () => put(store, 'doc_ids', ['epsilon']))
      await Promise.all([...different, ...same, ...sameIds])
      expect(await store.countChunks()).toBe(40 * 2 + 40 * 2 + 1)
      await store.dropRevisions([{ documentId: 'doc_same', current: 40, latest: 40 }])
      expect(await store.searchLexical('gamma', everything)).toHaveLength(1)
      await store.maintain({ force: true })
      expect(await store.countChunks()).toBe(83)
      expect(await store.stats()).toMatchObject({ chunks: 83, unindexedRows: 0 })
      expect(await store.searchLexical('alpha', everything)).toHaveLength(40)
    })
  })
}

function cosine(a: Float32Array, b: Float32Array | undefined): number {
  return a.reduce((sum, value, at) => sum + value * (b?.[at] ?? 0), 0)
}
