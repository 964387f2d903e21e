import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstRank, hitAt, ndcgAt, recallAt, reciprocalRankAt } from '../../src/eval/ranking.js'

const binary = new Map([
  ['b', 1],
  ['d', 1],
  ['z', 1],
])
const ranked = ['a', 'b', 'c', 'd']

describe('recallAt', () => {
  test('is the share of what is right that was found, as worked out by hand', () => {
    expect([1, 2, 4].map((k) => recallAt(k, ranked, binary))).toEqual([0, 1 / 3, 2 / 3])
    expect(recallAt(10, ranked, new Map())).toBe(0)
  })
})

describe('hitAt', () => {
  test('is 1 from the rank of the first that is right', () => {
    expect([1, 2, 3].map((k) => hitAt(k, ranked, binary))).toEqual([0, 1, 1])
  })
})

describe('reciprocalRankAt', () => {
  test('is 1 / rank of the first that is right, 0 beyond the depth', () => {
    expect(firstRank(ranked, binary)).toBe(2)
    expect(reciprocalRankAt(10, ranked, binary)).toBe(1 / 2)
    expect(reciprocalRankAt(1, ranked, binary)).toBe(0)
    expect(firstRank([], binary)).toBeNull()
  })
})

describe('ndcgAt', () => {
  test('is as worked out by hand for binary judgments', () => {
    const gained = 1 / Math.log2(3) + 1 / Math.log2(5)
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4)
    expect(ndcgAt(10, ranked, binary)).toBeCloseTo(gained / ideal, 12)
  })

  test('takes graded judgments as gains, as trec_eval does', () => {
    const graded = new Map([
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ])
    // Ranking a, b: 1 + 3/log2(3); best two: 3 + 2/log2(3).
    expect(ndcgAt(2, ['a', 'b', 'c'], graded)).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 2 / Math.log2(3)), 12)
  })

  test('is 1 for the best order and at most 1 for any other', () => {
    const judgments = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1 })
    fc.assert(
      fc.property(judgments, fc.func(fc.integer({ min: 1, max: 3 })), fc.nat(), (ids, gainOf, turn) => {
        const right = new Map(ids.map((id) => [String(id), gainOf(id)]))
        const best = [...right].sort(([, a], [, b]) => b - a).map(([id]) => id)
        expect(ndcgAt(10, best, right)).toBeCloseTo(1, 12)
        const turned = [...best.slice(turn % best.length), ...best.slice(0, turn % best.length)]
        expect(ndcgAt(10, turned, right)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })
})
