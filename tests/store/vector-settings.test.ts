import { describe, expect, test } from 'vitest'
import { defaultSettings, recallOf, refineFactor, settingsLadder } from '../../src/store/vector-settings.js'

describe('defaultSettings', () => {
  test('look into more of a larger table', () => {
    const [small, large] = [defaultSettings(60_000), defaultSettings(1_000_000)]
    expect(small).toEqual({ partitions: 50, candidates: 600 })
    expect(large).toEqual({ partitions: 200, candidates: 1_200 })
  })
})

describe('settingsLadder', () => {
  test('goes from cheap to dear and never tries what costs more in both ways before what costs less', () => {
    const ladder = settingsLadder()
    expect(ladder[0]).toEqual({ partitions: 5, candidates: 50 })
    for (const [at, { partitions, candidates }] of ladder.entries()) {
      const later = ladder.slice(at + 1)
      expect(later.some((next) => next.partitions <= partitions && next.candidates <= candidates)).toBe(false)
    }
  })
})

describe('refineFactor', () => {
  test('compares so many candidates in full, and at least twice what is asked for', () => {
    expect(refineFactor({ partitions: 1, candidates: 200 }, 10)).toBe(20)
    expect(refineFactor({ partitions: 1, candidates: 200 }, 60)).toBe(4)
    expect(refineFactor({ partitions: 1, candidates: 200 }, 300)).toBe(2)
  })
})

describe('recallOf', () => {
  test('counts what was found of what is nearest', () => {
    expect(recallOf([{ found: ['a', 'x'], exact: ['a', 'b'] }])).toBe(0.5)
    expect(
      recallOf([
        { found: ['b', 'a'], exact: ['a', 'b'] },
        { found: [], exact: ['c'] },
      ]),
    ).toBeCloseTo(2 / 3)
    expect(recallOf([])).toBe(1)
  })
})
