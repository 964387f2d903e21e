import { describe, expect, test } from 'vitest'
import { mean, pairedBootstrap, percentile } from '../../src/eval/statistics.js'

describe('percentile', () => {
  test('is the nearest rank', () => {
    const values = [4, 1, 3, 2]
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)]).toEqual([2, 4, 0])
  })
})

describe('mean', () => {
  test('is 0 of nothing', () => {
    expect([mean([1, 2]), mean([])]).toEqual([1.5, 0])
  })
})

describe('pairedBootstrap', () => {
  const alternating = (count: number, low: number, high: number) =>
    Array.from({ length: count }, (_, index) => (index % 2 === 0 ? low : high))

  test('agrees with the normal interval of many differences', () => {
    // Differences 0 and 0.2 in turn: mean 0.1, standard error 0.1 / √400 = 0.005.
    const result = pairedBootstrap(alternating(400, 0.5, 0.5), alternating(400, 0.5, 0.7))
    expect(result.difference).toBeCloseTo(0.1, 12)
    expect(result.low).toBeCloseTo(0.1 - 1.96 * 0.005, 2)
    expect(result.high).toBeCloseTo(0.1 + 1.96 * 0.005, 2)
    expect(result.p).toBeLessThan(0.001)
  })

  test('calls as many gains as losses chance', () => {
    const result = pairedBootstrap(alternating(50, 0, 1), alternating(50, 1, 0))
    expect(result.difference).toBe(0)
    expect(result.low).toBeLessThan(0)
    expect(result.high).toBeGreaterThan(0)
    expect(result.p).toBe(1)
  })

  test('does not believe one gain among ten questions', () => {
    const after = Array.from({ length: 10 }, (_, index) => (index === 0 ? 1 : 0))
    expect(
      pairedBootstrap(
        after.map(() => 0),
        after,
      ).p,
    ).toBeGreaterThan(0.05)
  })

  test('gives the same result each time, and the opposite for the opposite', () => {
    const [one, other] = [alternating(31, 0.2, 0.9), alternating(31, 0.3, 0.7)]
    expect(pairedBootstrap(one, other)).toEqual(pairedBootstrap(one, other))
    expect(pairedBootstrap(other, one).difference).toBeCloseTo(-pairedBootstrap(one, other).difference, 12)
  })

  test('knows no change at all', () => {
    expect(pairedBootstrap([0.5, 1], [0.5, 1])).toEqual({ difference: 0, low: 0, high: 0, p: 1 })
    expect(pairedBootstrap([], [])).toEqual({ difference: 0, low: 0, high: 0, p: 1 })
  })
})
