import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import type { Reranker } from '../../src/core/ports.js'
import type { Hit } from '../../src/core/types.js'
import { orderByScores, type Reranking, rerank } from '../../src/retrieve/rerank.js'
import { makeChunk } from '../support/chunks.js'

const hits: Hit[] = ['甲', '乙', '丙', '丁'].map((text, index) => ({
  rank: index + 1,
  score: 1 - index / 10,
  signals: { dense: null, lexical: 1, fused: 1 - index / 10, rerank: null },
  chunk: makeChunk({ text, documentTitle: '手册', headingPath: ['维护', '轴承'] }),
}))
const texts = (given: readonly Hit[]) => given.map(({ chunk }) => chunk.text)

/** A driver that gives the scores it is told to; what it was asked and what was logged can be looked at. */
function withDriver(run: Reranker['rerank'], given: Partial<Reranking> = {}) {
  const warnings: object[] = []
  const driver: Reranker = { modelId: 'scripted', rerank: run, close: async () => undefined }
  const log = { warn: (fields: object) => void warnings.push(fields) }
  const reranking: Reranking = { reranker: driver, candidates: 3, timeoutMs: 1_000, log, ...given }
  return { reranking, warnings }
}

describe('rerank', () => {
  test('orders what the model has read by its scores, and leaves the rest behind in their order', async () => {
    const { reranking } = withDriver(async () => [0.1, 0.9, 0.5])
    const { hits: ordered, failed } = await rerank('轴承', hits, { reranking })
    expect(failed).toBe(false)
    expect(texts(ordered)).toEqual(['乙', '丙', '甲', '丁'])
    expect(ordered.map(({ rank }) => rank)).toEqual([1, 2, 3, 4])
    expect(ordered.map(({ signals }) => signals.rerank)).toEqual([0.9, 0.5, 0.1, null])
    expect(ordered.map(({ signals }) => signals.fused)).toEqual([0.9, 0.8, 1, 0.7])
  })

  test('hands over where a passage stands together with its text', async () => {
    let seen: readonly string[] = []
    const { reranking } = withDriver(async (_, given) => {
      seen = given
      return given.map(() => 0)
    })
    await rerank('轴承', hits, { reranking })
    expect(seen).toEqual(['手册 > 维护 > 轴承\n甲', '手册 > 维护 > 轴承\n乙', '手册 > 维护 > 轴承\n丙'])
  })

  test('leaves everything as it is without a model, and does not ask one about a single hit', async () => {
    expect(await rerank('轴承', hits, { reranking: null })).toEqual({ hits, failed: false })
    const { reranking } = withDriver(() => Promise.reject(new Error('was asked')))
    expect(await rerank('轴承', hits.slice(0, 1), { reranking })).toEqual({ hits: hits.slice(0, 1), failed: false })
  })

  test.each<[string, Reranker['rerank']]>([
    ['fails', () => Promise.reject(new InkstoneError('rerank_failed', 'it is off', { remedy: 'start it' }))],
    ['breaks', () => Promise.reject(new Error('boom'))],
    ['gives too few scores', async () => [0.5]],
    ['gives scores that are no numbers', async (_, given) => given.map(() => Number.NaN)],
  ])('lets the fused order stand when the model %s, and logs why', async (_, run) => {
    const { reranking, warnings } = withDriver(run)
    expect(await rerank('轴承', hits, { reranking })).toEqual({ hits, failed: true })
    expect(warnings).toEqual([expect.objectContaining({ reranker: 'scripted', code: 'rerank_failed' })])
  })

  test('stops a model that takes too long', async () => {
    let stopped = false
    const slow: Reranker['rerank'] = (_, __, { signal } = {}) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          stopped = true
          reject(new InkstoneError('cancelled', 'stopped'))
        })
      })
    const { reranking, warnings } = withDriver(slow, { timeoutMs: 20 })
    expect(await rerank('轴承', hits, { reranking })).toEqual({ hits, failed: true })
    expect(stopped).toBe(true)
    expect(warnings).toEqual([expect.objectContaining({ error: 'it took longer than 20 ms' })])
  })

  test('does not wait for a model that does not heed the signal', async () => {
    const { reranking } = withDriver(() => new Promise(() => undefined), { timeoutMs: 20 })
    expect(await rerank('轴承', hits, { reranking })).toEqual({ hits, failed: true })
  })

  test('does not count against the time of a question what the model loads first', async () => {
    const { reranking, warnings } = withDriver(async (_, given) => given.map(() => 0.5), { timeoutMs: 50 })
    const prepare = () => new Promise<void>((resolve) => setTimeout(resolve, 200))
    const loading = { ...reranking, reranker: { ...reranking.reranker, prepare } }
    expect(await rerank('轴承', hits, { reranking: loading })).toMatchObject({ failed: false })
    expect(warnings).toEqual([])
  })

  test('lets the fused order stand when the model cannot be loaded', async () => {
    const { reranking, warnings } = withDriver(() => Promise.reject(new Error('was asked')))
    const prepare = () => Promise.reject(new InkstoneError('model_missing', 'it is not there', { remedy: 'pull it' }))
    const missing = { ...reranking, reranker: { ...reranking.reranker, prepare } }
    expect(await rerank('轴承', hits, { reranking: missing })).toEqual({ hits, failed: true })
    expect(warnings).toEqual([expect.objectContaining({ code: 'model_missing', remedy: 'pull it' })])
  })

  test('ends with the search when that is stopped', async () => {
    const controller = new AbortController()
    const { reranking, warnings } = withDriver(() => new Promise(() => undefined))
    const stopped = rerank('轴承', hits, { reranking, signal: controller.signal })
    controller.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    await expect(rerank('轴承', hits, { reranking, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(warnings).toEqual([])
  })
})

describe('orderByScores', () => {
  test('keeps every hit, with scores from 0 to 1 that never rise, whatever the model says', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(score, { maxLength: hits.length }), (scores) => {
        const ordered = orderByScores(hits, scores)
        expect(texts(ordered).sort()).toEqual(texts(hits).sort())
        for (const [index, hit] of ordered.entries()) {
          expect(hit.rank).toBe(index + 1)
          expect(hit.score).toBeLessThanOrEqual(ordered[index - 1]?.score ?? 1)
          expect(hit.score).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})
