import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fuse } from '../../src/retrieve/fuse.js'
import { makeChunk } from '../support/chunks.js'

const list = (scores: Record<string, number>) =>
  Object.entries(scores)
    .map(([text, score]) => ({ chunk: makeChunk({ text }), score }))
    .sort((a, b) => b.score - a.score)

const order = (hits: ReturnType<typeof fuse>) => hits.map(({ chunk }) => chunk.text)

describe('fuse', () => {
  test('ranks a chunk found by both lists above one found by either', () => {
    const dense = list({ both: 0.9, onlyDense: 0.9, far: 0.1 })
    const lexical = list({ both: 12, onlyLexical: 12, weak: 1 })
    const hits = fuse({ dense, lexical }, { denseWeight: 0.5 })
    expect(order(hits)[0]).toBe('both')
    expect(hits[0]?.signals).toEqual({ dense: 0.9, lexical: 12, fused: 1, rerank: null })
    expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
  })

  test('shows which list did not hold a chunk', () => {
    const hits = fuse({ dense: list({ a: 0.5 }), lexical: list({ b: 3 }) }, { denseWeight: 0.3 })
    expect(hits.find(({ chunk }) => chunk.text === 'a')?.signals).toEqual({
      dense: 0.5,
      lexical: null,
      fused: 0.3,
      rerank: null,
    })
    expect(order(hits)).toEqual(['b', 'a'])
  })

  test('keeps the order of a list that is alone', () => {
    const lexical = list({ first: 9, second: 5, third: 2 })
    expect(order(fuse({ dense: [], lexical }, { denseWeight: 0.5 }))).toEqual(['first', 'second', 'third'])
    expect(fuse({ dense: [], lexical: [] }, { denseWeight: 0.5 })).toEqual([])
  })

  test('gives scores from 0 to 1 that never rise, whatever the lists', () => {
    const scored = fc.dictionary(fc.constantFrom(...'abcdefgh'), fc.double({ min: -1, max: 50, noNaN: true }))
    fc.assert(
      fc.property(scored, scored, fc.double({ min: 0, max: 1, noNaN: true }), (dense, lexical, denseWeight) => {
        const hits = fuse({ dense: list(dense), lexical: list(lexical) }, { denseWeight })
        expect(new Set(order(hits)).size).toBe(hits.length)
        for (const [index, { score }] of hits.entries()) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1 + 1e-9)
          expect(score).toBeLessThanOrEqual(hits[index - 1]?.score ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })
})
