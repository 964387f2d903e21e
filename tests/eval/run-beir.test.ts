import { describe, expect, test } from 'vitest'
import type { MatchedChunk } from '../../src/core/chunk-store.js'
import type { Hit } from '../../src/core/types.js'
import { summariseBeir } from '../../src/eval/beir-report.js'
import { runBeir, type SearchPorts } from '../../src/eval/run-beir.js'
import { makeChunk } from '../support/chunks.js'
import { collect } from '../support/collect.js'
import { wordEmbedder } from '../support/word-embedder.js'

const scored = (...passages: string[]): MatchedChunk[] =>
  passages.map((documentId, index) => ({
    chunk: makeChunk({ id: `${documentId}#${index}`, documentId, text: documentId }),
    score: 1 / (index + 1),
    embedding: new Float32Array(),
  }))

const hit = (documentId: string, fused: number, index = 0): Hit => ({
  rank: 1,
  score: fused,
  signals: { dense: null, lexical: null, fused, rerank: null },
  chunk: makeChunk({ id: `${documentId}#${index}`, documentId, text: documentId }),
})

function ports(given: Partial<SearchPorts> = {}): SearchPorts {
  return {
    store: { searchLexical: async () => scored('x', 'a'), searchDense: async () => scored('x', 'x', 'y', 'a') },
    embedder: wordEmbedder(),
    // The reranker put a before x; b was considered and not shown.
    search: async () => ({
      hits: [hit('a', 0.5), hit('x', 0.9), hit('a', 0.4, 1)],
      candidates: [hit('a', 0.5), hit('x', 0.9), hit('a', 0.4, 1), hit('b', 0.1)],
    }),
    fuse: null,
    signal: new AbortController().signal,
    ...given,
  }
}

const query = (id: string, ...right: string[]) => ({
  id,
  text: `text of ${id}`,
  judgments: new Map(right.map((key) => [key, 1])),
})

describe('runBeir', () => {
  test('measures each mode by passages, each at the rank of its best chunk', async () => {
    const [measured] = await collect(runBeir([query('q1', 'a', 'b')], ports()))
    expect(measured?.ranks).toEqual({ bm25: 2, dense: 3, fused: 2, reranked: 1 })
    expect(measured?.values).toMatchObject({
      'bm25.recall@10': 0.5,
      'dense.mrr@10': 1 / 3,
      'fused.recall@3': 1,
      'fused.recall@2': 0.5,
      'reranked.recall@1': 0.5,
      'reranked.hit@10': 1,
    })
  })

  test('asks for the fused order apart when there is a reranking model', async () => {
    const fuse: SearchPorts['search'] = async () => ({ hits: [hit('b', 0.9)], candidates: [] })
    const [measured] = await collect(runBeir([query('q1', 'a', 'b')], ports({ fuse })))
    expect(measured?.ranks).toMatchObject({ fused: 1, reranked: 1 })
    expect(measured?.values).toMatchObject({ 'fused.recall@10': 0.5, 'reranked.recall@10': 1 })
  })

  test('finds a passage whose text was folded into another', async () => {
    const same = { ...hit('x', 0.9), duplicates: [{ documentId: 'b', documentTitle: '', page: null }] }
    const search: SearchPorts['search'] = async () => ({ hits: [same, hit('a', 0.5)], candidates: [] })
    const [measured] = await collect(runBeir([query('q1', 'b')], ports({ search })))
    expect(measured?.ranks).toMatchObject({ fused: 2, reranked: 2 })
  })

  test('searches as a user does, once for each query and once to warm up', async () => {
    const asked: string[] = []
    const search: SearchPorts['search'] = async ({ text, topK }) => {
      asked.push(`${text} ${topK}`)
      return { hits: [], candidates: [] }
    }
    await collect(runBeir([query('q1', 'a'), query('q2', 'a')], ports({ search })))
    expect(asked).toEqual(['text of q1 10', 'text of q1 10', 'text of q2 10'])
  })

  test('stops when it is told to', async () => {
    const stop = new AbortController()
    const run = runBeir([query('q1', 'a'), query('q2', 'a')], ports({ signal: stop.signal }))
    await run.next()
    stop.abort()
    await expect(run.next()).rejects.toThrow('aborted')
  })
})

describe('summariseBeir', () => {
  test('means over the queries, with the keys that scripts rely on', async () => {
    const measured = await collect(runBeir([query('q1', 'a'), query('q2', 'z')], ports()))
    const about = {
      set: 'tiny',
      passages: 4,
      twins: 0,
      embeddingModelId: 'words',
      indexBytes: 1,
      chunks: 5,
      embedSeconds: 0,
      indexSeconds: 1,
    }
    const report = summariseBeir(measured, about)
    expect(report).toMatchObject({ set: 'tiny', passages: 4, queries: 2 })
    expect(Object.keys(report.modes)).toEqual(['bm25', 'dense', 'fused', 'reranked'])
    expect(report.modes.reranked).toMatchObject({ 'ndcg@10': 0.5, 'recall@10': 0.5, 'hit@10': 0.5, 'mrr@10': 0.5 })
    expect(report.modes.reranked.p95Ms).toBeGreaterThanOrEqual(report.modes.reranked.p50Ms)
    expect(report.modes.bm25['recall@k']).toMatchObject({ 1: 0, 2: 0.5 })
  })
})
