import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalise, poolTokens } from '../../src/embed/pooling.js'

describe('poolTokens', () => {
  const hidden = Float32Array.of(1, 2, 3, 4, 5, 6)

  test('takes the first token for cls', () => {
    expect([...poolTokens(hidden, { pooling: 'cls', dimensions: 2 })]).toEqual([1, 2])
  })

  test('averages the tokens for mean', () => {
    expect([...poolTokens(hidden, { pooling: 'mean', dimensions: 2 })]).toEqual([3, 4])
  })

  test('does not share memory with the model output', () => {
    expect(poolTokens(hidden, { pooling: 'cls', dimensions: 6 }).buffer).not.toBe(hidden.buffer)
  })
})

describe('normalise', () => {
  test('gives norm 1 and keeps the direction', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 }), (values) => {
        fc.pre(values.some((value) => value !== 0))
        const vector = normalise(Float32Array.from(values)) ?? new Float32Array()
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
        const length = Math.hypot(...values)
        for (const [index, value] of values.entries()) expect(vector[index]).toBeCloseTo(value / length, 5)
      }),
    )
  })

  test('refuses a vector without direction or with what is no number', () => {
    expect(normalise(Float32Array.of(0, 0))).toBeNull()
    expect(normalise(Float32Array.of(1, Number.NaN))).toBeNull()
    expect(normalise(Float32Array.of(1, Number.POSITIVE_INFINITY))).toBeNull()
  })
})
