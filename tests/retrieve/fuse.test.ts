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
    const hits = fuse({ dense, lexical }, { denseTrust: 1 })
    expect(order(hits)[0]).toBe('both')
    expect(hits[0]?.signals).toMatchObject({ dense: 0.9, lexical: 12, rerank: null })
    expect(hits.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
  })

  test('goes by the dense list alone, and no further, however far it is trusted', () => {
    const lists = { dense: list({ a: 0.9, b: 0.8, c: 0.1 }), lexical: list({ c: 12, b: 11, a: 1 }) }
    expect(order(fuse(lists, { denseTrust: 9 }))).toEqual(['a', 'b', 'c'])
    expect(fuse(lists, { denseTrust: 9 })).toEqual(fuse(lists, { denseTrust: 99 }))
    expect(order(fuse(lists, { denseTrust: 0 }))).toEqual(['c', 'b', 'a'])
  })

  test('shows which list did not hold a chunk', () => {
    const hits = fuse({ dense: list({ a: 0.5 }), lexical: list({ b: 3 }) }, { denseTrust: 1 })
    expect(hits.find(({ chunk }) => chunk.text === 'a')?.signals).toMatchObject({ dense: 0.5, lexical: null })
    expect(hits.find(({ chunk }) => chunk.text === 'b')?.signals).toMatchObject({ dense: null, lexical: 3 })
  })

  test('follows the list whose best chunk stands out', () => {
    const level = { a: 0.52, b: 0.51, c: 0.5, d: 0.49, e: 0.48 }
    expect(
      order(fuse({ dense: list(level), lexical: list({ e: 30, d: 5, c: 4, b: 3, a: 2 }) }, { denseTrust: 1 }))[0],
    ).toBe('e')
    expect(
      order(
        fuse(
          {
            dense: list({ a: 0.9, b: 0.4, c: 0.39, d: 0.38, e: 0.37 }),
            lexical: list({ e: 6, d: 5, c: 4, b: 3, a: 2 }),
          },
          { denseTrust: 1 },
        ),
      )[0],
    ).toBe('a')
  })

  test('leaves the dense list out of it without trust', () => {
    const lists = { dense: list({ a: 0.9, b: 0.5, c: 0.1 }), lexical: list({ c: 3, b: 2, a: 1 }) }
    expect(order(fuse(lists, { denseTrust: 0 }))).toEqual(['c', 'b', 'a'])
  })

  test('keeps the order of a list that is alone, whichever it is', () => {
    const alone = list({ first: 9, second: 5, third: 2 })
    expect(order(fuse({ dense: [], lexical: alone }, { denseTrust: 1 }))).toEqual(['first', 'second', 'third'])
    expect(order(fuse({ dense: alone, lexical: [] }, { denseTrust: 0.25 }))).toEqual(['first', 'second', 'third'])
    expect(fuse({ dense: [], lexical: [] }, { denseTrust: 1 })).toEqual([])
  })

  const scored = fc.dictionary(fc.constantFrom(...'abcdefgh'), fc.double({ min: -1, max: 50, noNaN: true }))
  const trust = fc.double({ min: 0, max: 1, noNaN: true })

  test('gives scores from 0 to 1 that never rise, whatever the lists', () => {
    fc.assert(
      fc.property(scored, scored, trust, (dense, lexical, denseTrust) => {
        const hits = fuse({ dense: list(dense), lexical: list(lexical) }, { denseTrust })
        expect(new Set(order(hits)).size).toBe(hits.length)
        for (const [index, { score }] of hits.entries()) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
          expect(score).toBeLessThanOrEqual(hits[index - 1]?.score ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })

  test('ranks nothing below what both lists rank lower', () => {
    fc.assert(
      fc.property(scored, scored, trust, (dense, lexical, denseTrust) => {
        const place = new Map(
          order(fuse({ dense: list(dense), lexical: list(lexical) }, { denseTrust })).map((id, at) => [id, at]),
        )
        for (const a of Object.keys(dense)) {
          for (const b of Object.keys(dense)) {
            const isBetter = (dense[a] ?? 0) - (dense[b] ?? 0) > 1e-6 && (lexical[a] ?? 0) - (lexical[b] ?? 0) > 1e-6
            if (isBetter && a in lexical && b in lexical) expect(place.get(a)).toBeLessThan(place.get(b) ?? 0)
          }
        }
      }),
    )
  })

  test('does not depend on the units of a list', () => {
    const lexical = { a: 3, b: 2, c: 1 }
    const dense = list({ c: 0.9, a: 0.3, d: 0.2 })
    const scaled = Object.fromEntries(Object.entries(lexical).map(([id, score]) => [id, 10 * score + 5]))
    expect(order(fuse({ dense, lexical: list(scaled) }, { denseTrust: 1 }))).toEqual(
      order(fuse({ dense, lexical: list(lexical) }, { denseTrust: 1 })),
    )
  })
})
