import { describe, expect, test } from 'vitest'
import type { Question } from '../../src/core/answer.js'
import type { Catalogue } from '../../src/core/catalogue.js'
import type { ChunkStore, MatchedChunk, ScoredChunk } from '../../src/core/chunk-store.js'
import type { Document } from '../../src/core/types.js'
import { retrieve, retrieveTowards } from '../../src/retrieve/retrieve.js'
import { makeChunk } from '../support/chunks.js'
import { emptyDocument } from '../support/records.js'
import { wordEmbedder } from '../support/word-embedder.js'

type Lists = { dense?: ScoredChunk[]; lexical?: ScoredChunk[] }

/** With a vector that is near to nothing. */
const matched = (list: ScoredChunk[]): MatchedChunk[] =>
  list.map((each) => ({ ...each, embedding: new Float32Array(8) }))

const unused = () => Promise.reject(new Error('not part of a search'))
const store = ({ dense = [], lexical = [] }: Lists): ChunkStore => ({
  knowledgeBaseId: 'kb_1',
  async *tune() {},
  searchDense: async () => dense,
  searchLexical: async () => matched(lexical),
  putRevisions: unused,
  dropRevisions: unused,
  deleteDocument: unused,
  listChunks: unused,
  countChunks: unused,
  maintain: unused,
  stats: unused,
})

const document = (id: string, revision: number): Document => ({
  ...emptyDocument,
  id,
  sourceUri: id,
  title: id,
  revision,
  status: 'ready',
})
const catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments'> = {
  selectDocuments: async () => null,
  getDocuments: async (ids) => new Map(ids.filter((id) => id !== 'doc_gone').map((id) => [id, document(id, 2)])),
}
const found = (text: string, score: number, given = {}): ScoredChunk => ({
  chunk: makeChunk({ text, revision: 2, ...given }),
  score,
})
const question = (text: string, given: Partial<Question> = {}): Question => ({
  text,
  history: [],
  topK: 2,
  filter: {},
  ...given,
})
const texts = (hits: readonly { chunk: { text: string } }[]) => hits.map(({ chunk }) => chunk.text)

describe('retrieve', () => {
  test('asks each knowledge base for the synonyms of its own glossary, by words only', async () => {
    const asked: string[] = []
    const embedded: string[] = []
    const asking = (knowledgeBaseId: string): ChunkStore => ({
      ...store({}),
      knowledgeBaseId,
      searchLexical: async (text) => {
        asked.push(text)
        return []
      },
    })
    const embedder = wordEmbedder()
    const listening: typeof embedder = {
      ...embedder,
      embed: (texts, options) => {
        embedded.push(...texts)
        return embedder.embed(texts, options)
      },
    }
    const glossary = [{ term: '叶轮', meaning: '', synonyms: ['泵头'] }]
    const guidance = [
      { id: 'kb_1', glossary },
      { id: 'kb_2', glossary: [] },
    ]
    const stores = [asking('kb_1'), asking('kb_2')]
    const { searchedFor } = await retrieve(question('泵头寿命'), { stores, embedder: listening, catalogue, guidance })
    expect(asked).toEqual(['泵头寿命 叶轮', '泵头寿命'])
    expect([searchedFor, ...embedded]).toEqual(['泵头寿命', '泵头寿命'])
  })

  test('fuses both lists of all knowledge bases and gives the best ones', async () => {
    const stores = [
      store({ dense: [found('甲', 0.9), found('乙', 0.5)], lexical: [found('甲', 8)] }),
      store({ dense: [found('丙', 0.8)], lexical: [found('丙', 6), found('丁', 1)] }),
    ]
    const { hits, runnersUp, candidates } = await retrieve(question('泵'), {
      stores,
      embedder: wordEmbedder(),
      catalogue,
    })
    expect(texts(hits)).toEqual(['甲', '丙'])
    expect(texts(runnersUp)).toEqual([texts(candidates)[2]])
    expect(candidates).toHaveLength(4)
  })

  test('trusts the vectors as far as it is told, and by the language of the question otherwise', async () => {
    const dense = [found('甲', 0.9), found('乙', 0.5), found('丙', 0.1)]
    const lexical = [found('丙', 8), found('乙', 2), found('甲', 1)]
    const parts = { stores: [store({ dense, lexical })], embedder: wordEmbedder({ languages: ['zh'] }), catalogue }
    const first = async (text: string, denseTrust: number | null) =>
      texts((await retrieve(question(text), { ...parts, denseTrust })).hits)[0]
    expect([await first('泵', 2), await first('泵', 0)]).toEqual(['甲', '丙'])
    expect(await first('pump', null)).toBe('丙')
    const { lists, vector } = await retrieve(question('泵'), parts)
    expect([texts(lists.dense), texts(lists.lexical)]).toEqual([
      ['甲', '乙', '丙'],
      ['丙', '乙', '甲'],
    ])
    expect(vector).toHaveLength(256)
  })

  test('keeps both lists of each knowledge base to the documents that the filter lets pass', async () => {
    const seen: unknown[] = []
    const noted = (documents: unknown): MatchedChunk[] => {
      seen.push(documents)
      return []
    }
    const noting = (knowledgeBaseId: string): ChunkStore => ({
      ...store({}),
      knowledgeBaseId,
      searchDense: async (_vector, { documents }) => noted(documents),
      searchLexical: async (_text, { documents }) => noted(documents),
    })
    const selection = (documentId: string) => ({ mode: 'only' as const, documentIds: [documentId], chunkCount: 1 })
    const filter = { field: 'tags', eq: '泵' } as const
    const selecting: typeof catalogue = {
      ...catalogue,
      selectDocuments: async (kb, asked) => (asked === filter ? selection(`doc_of_${kb}`) : null),
    }
    const parts = { stores: [noting('kb_1'), noting('kb_2')], embedder: wordEmbedder(), catalogue: selecting }
    await retrieve(question('泵', { filter }), parts)
    const [one, two] = [selection('doc_of_kb_1'), selection('doc_of_kb_2')]
    expect(seen).toEqual([one, two, one, two])
  })

  test('shows nothing of documents that are gone or of revisions that are not current', async () => {
    const dense = [found('旧', 0.9, { revision: 1 }), found('删', 0.8, { documentId: 'doc_gone' }), found('今', 0.7)]
    const { candidates } = await retrieve(question('泵'), {
      stores: [store({ dense })],
      embedder: wordEmbedder(),
      catalogue,
    })
    expect(texts(candidates)).toEqual(['今'])
  })

  test('looks once more, for twice as many, where what is not shown took up places', async () => {
    const limits: number[] = []
    const searching: ChunkStore = {
      ...store({}),
      searchDense: async (_vector, { limit }) => {
        limits.push(limit)
        const old = Array.from({ length: 60 }, (_, at) => found(`旧 ${at}`, 0.9, { revision: 1 }))
        return [...old, found('今', 0.7)].slice(0, limit)
      },
    }
    const { candidates } = await retrieve(question('泵'), { stores: [searching], embedder: wordEmbedder(), catalogue })
    expect([texts(candidates), limits]).toEqual([['今'], [60, 120]])
  })

  test.each([
    // Found as the revision that it was then, before the catalogue went on to the next.
    { stored: [1, 2], named: [2, 2], looks: 2, shown: ['甲'] },
    { stored: [1, 2, 3], named: [2, 3, 3], looks: 3, shown: ['甲'] },
    // Chunks that are left over are looked past once.
    { stored: [1, 1, 1], named: [2, 2, 2], looks: 2, shown: [] },
    { stored: [1, 2, 3, 4, 5], named: [2, 3, 4, 5, 6], looks: 4, shown: [] },
  ])('finds a document that is replaced while it is looked for: %j', async ({ stored, named, looks, shown }) => {
    let look = 0
    const moving: ChunkStore = {
      ...store({}),
      searchLexical: async () => matched([found('甲', 2, { revision: stored[look] })]),
    }
    const going: typeof catalogue = {
      ...catalogue,
      getDocuments: async (ids) => new Map(ids.map((id) => [id, document(id, named[look++] ?? 0)])),
    }
    const moved = await retrieve(question('泵'), { stores: [moving], embedder: wordEmbedder(), catalogue: going })
    expect([texts(moved.candidates), look]).toEqual([shown, looks])
  })

  test('shows the same text once, white space aside', async () => {
    const dense = [
      found('同一 段', 0.9, { id: 'chk_a' }),
      found('同一\n段', 0.8, { id: 'chk_b' }),
      found('另一段', 0.7),
    ]
    const { hits } = await retrieve(question('泵'), { stores: [store({ dense })], embedder: wordEmbedder(), catalogue })
    expect(hits.map(({ rank, chunk }) => [rank, chunk.text])).toEqual([
      [1, '同一 段'],
      [2, '另一段'],
    ])
  })

  test('gives at most as many hits of a document as asked for, and fills up with others', async () => {
    const dense = [found('甲', 0.9), found('乙', 0.8), found('丙', 0.7, { documentId: 'doc_2' })]
    const parts = { stores: [store({ dense })], embedder: wordEmbedder(), catalogue }
    const { hits, runnersUp, candidates } = await retrieve(question('泵', { maxPerDocument: 1 }), parts)
    expect(runnersUp).toEqual([])
    expect(hits.map(({ rank, chunk }) => [rank, chunk.text])).toEqual([
      [1, '甲'],
      [2, '丙'],
    ])
    expect(candidates).toHaveLength(3)
  })

  test('has a reranking model read what was fused', async () => {
    const dense = [found('甲', 0.9), found('乙', 0.5)]
    const reranker = { modelId: 'm', rerank: async () => [0.1, 0.9], close: async () => undefined }
    const reranking = { reranker, candidates: 10, timeoutMs: 1_000, log: { warn: () => undefined } }
    const parts = { stores: [store({ dense })], embedder: wordEmbedder(), catalogue }
    const { hits, rerankFailed } = await retrieve(question('泵'), { ...parts, reranking })
    expect(texts(hits)).toEqual(['乙', '甲'])
    expect(hits[0]).toMatchObject({ rank: 1, score: 0.9, signals: { rerank: 0.9 } })
    expect(rerankFailed).toBe(false)
  })

  test('makes the operators conditions of both lists, and embeds and searches for the rest', async () => {
    const seen: unknown[] = []
    const noting: ChunkStore = {
      ...store({}),
      searchDense: async (_vector, { words }) => {
        seen.push(words)
        return [found('甲', 0.9)]
      },
      searchLexical: async (text, { words }) => {
        seen.push(text, words)
        return []
      },
    }
    const parts = { stores: [noting], embedder: wordEmbedder(), catalogue }
    const { searchedFor, missingPhrases } = await retrieve(question('"机械密封" 寿命 -电机 title:手册'), parts)
    const words = { phrases: ['机械密封'], excluded: ['电机'], titles: ['手册'] }
    expect(searchedFor).toBe('机械密封 寿命 手册')
    expect(seen).toEqual([searchedFor, words, words])
    expect(missingPhrases).toEqual([])
  })

  test('goes on without the phrases when nothing holds them all, and says so; all else still holds', async () => {
    const strict = (given: Lists): ChunkStore => ({
      ...store({}),
      searchDense: async (_vector, { words }) =>
        words?.phrases.length === 0 && words.excluded.length === 1 ? (given.dense ?? []) : [],
    })
    const asked = question('"密封 机械" 寿命 -电机')
    const parts = { stores: [strict({ dense: [found('甲', 0.9)] })], embedder: wordEmbedder(), catalogue }
    const freer = await retrieve(asked, parts)
    expect(texts(freer.hits)).toEqual(['甲'])
    expect(freer.missingPhrases).toEqual(['密封 机械'])
    const nothing = await retrieve(asked, { ...parts, stores: [strict({})] })
    expect(nothing).toMatchObject({ hits: [], missingPhrases: [] })
  })

  test('searches for a follow-up together with what it follows', async () => {
    const parts = { stores: [store({})], embedder: wordEmbedder(), catalogue }
    const { searchedFor, hits } = await retrieve(question('那扬程呢？', { history: ['IH65 的流量是多少？'] }), parts)
    expect(searchedFor).toBe('IH65 的扬程是多少？')
    expect(hits).toEqual([])
  })

  test('takes a question that is longer than the embedding model reads', async () => {
    const embedded: string[] = []
    const embedder = wordEmbedder({
      maxTokens: 64,
      embed: async (asked, options) => {
        embedded.push(...asked)
        return wordEmbedder().embed(asked, options)
      },
    })
    const long = '机械密封泄漏怎么办'.repeat(100)
    const { searchedFor } = await retrieve(question(long), { stores: [store({})], embedder, catalogue })
    expect(searchedFor).toBe(long)
    expect(embedded[0]?.length).toBeGreaterThan(50)
    expect((await embedder.countTokens(embedded))[0]).toBeLessThanOrEqual(64)
  })
})

describe('retrieveTowards', () => {
  test('keeps to the filter and to what the question leaves out, and takes the sub-question as words', async () => {
    const asked: unknown[] = []
    const noting: ChunkStore = {
      ...store({}),
      searchLexical: async (text, { words }) => {
        asked.push({ text, words })
        return matched([found('甲', 1), found('乙', 1)])
      },
    }
    const filters: unknown[] = []
    const noted: typeof catalogue = {
      ...catalogue,
      selectDocuments: async (_id, filter) => {
        filters.push(filter)
        return null
      },
    }
    const filter = { field: 'mediaType', eq: 'text/plain' } as const
    const original = question('"pump seal" -gasket title:manual', { filter, topK: 1 })
    const parts = { stores: [noting], embedder: wordEmbedder(), catalogue: noted }
    const subQuestion = 'which "oil" -title:x title:secrets'
    const { hits } = await retrieveTowards(original, { ...parts, subQuestion })
    expect(hits).toHaveLength(1)
    expect(filters).toEqual([filter])
    expect(asked).toEqual([{ text: subQuestion, words: { phrases: [], excluded: ['gasket'], titles: ['manual'] } }])
  })
})
