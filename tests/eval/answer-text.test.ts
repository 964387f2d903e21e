import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, isExact, tokenF1 } from '../../src/eval/answer-text.js'

describe('contains', () => {
  test('does not mind white space, case and width', () => {
    expect(contains('流量为 ２５ M3/h', '25m3/H')).toBe(true)
    expect(contains('流量为 26 m3/h', '25 m3/h')).toBe(false)
  })
})

describe('isExact', () => {
  test('does not mind marks and the numbers of citations', () => {
    expect(isExact('２５ m3/h。 [1]', '25 M3/H')).toBe(true)
    expect(isExact('流量为 25 m3/h', '25 m3/h')).toBe(false)
  })
})

describe('tokenF1', () => {
  test('counts Chinese by character, as worked out by hand', () => {
    // 每 2000 小 时 | 2000 小 时: 3 shared of 4 and of 3.
    expect(tokenF1('每2000小时 [1]', '2000 小时')).toBeCloseTo((2 * (3 / 4) * 1) / (3 / 4 + 1), 12)
  })

  test('counts English by word, as worked out by hand', () => {
    // the cat sat | a cat sat down: 2 shared of 3 and of 4.
    expect(tokenF1('The cat sat.', 'a cat sat down')).toBeCloseTo((2 * (2 / 3) * (2 / 4)) / (2 / 3 + 2 / 4), 12)
    expect(tokenF1('cat cat cat', 'cat')).toBeCloseTo(0.5, 12)
    expect(tokenF1('dog', 'cat')).toBe(0)
  })

  test('is symmetric, between 0 and 1, and 1 with itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(tokenF1(a, b)).toBeCloseTo(tokenF1(b, a), 12)
        expect(tokenF1(a, b)).toBeLessThanOrEqual(1)
        expect(tokenF1(a, a)).toBe(1)
      }),
    )
  })
})
