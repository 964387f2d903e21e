import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fewestQuestions, learnTrust, type TrustOutcome, trustValues } from '../../src/eval/learn-trust.js'

const usualIndex = trustValues.indexOf(1)

/** A question for each row of figures, one figure for each value that is tried; the default is the value 1. */
function outcomes(rows: readonly (readonly number[])[]): TrustOutcome[] {
  return rows.map((tried, index) => ({ id: `q${index}`, usual: tried[usualIndex] ?? 0, tried }))
}

/** Best at `best`, falling off to both sides, a little different from question to question. */
const peakAt = (best: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    trustValues.map((value) => Math.max(0, 0.9 - 0.4 * Math.abs(value - best) - (index % 5) / 50)),
  )

const figures = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: trustValues.length,
  maxLength: trustValues.length,
})

describe('learnTrust', () => {
  test('keeps an obvious optimum, and says what it brings to questions that it was not chosen by', () => {
    const learned = learnTrust(outcomes(peakAt(0.25, 60)))
    expect(learned).toMatchObject({ outcome: 'kept', denseTrust: 0.25, best: 0.25, questions: 60 })
    expect(learned.gain.difference).toBeCloseTo(0.3, 6)
    expect(learned.crossValidated - learned.usual).toBeCloseTo(learned.gain.difference, 9)
    expect(learned.gain.p).toBeLessThan(0.05)
    expect(learned.tried).toHaveLength(trustValues.length)
    expect(learned.tried[2]).toEqual({ denseTrust: 0.25, ndcg: expect.closeTo(0.86, 6) })
  })

  test('stays with the default when no value differs from chance', () => {
    const random = sequence()
    const noise = Array.from({ length: 120 }, () => trustValues.map(() => random()))
    expect(learnTrust(outcomes(noise))).toMatchObject({ outcome: 'no_gain', denseTrust: null })
  })

  test('stays with the default when that is the best, or as good as any', () => {
    expect(learnTrust(outcomes(peakAt(1, 60)))).toMatchObject({ outcome: 'no_gain', denseTrust: null, best: 1 })
    const same = Array.from({ length: 60 }, () => trustValues.map(() => 0.5))
    expect(learnTrust(outcomes(same))).toMatchObject({ outcome: 'no_gain', best: 1, gain: { difference: 0, p: 1 } })
  })

  test('does not learn from few questions, however clear they are', () => {
    const learned = learnTrust(outcomes(peakAt(0.25, fewestQuestions - 1)))
    expect(learned).toMatchObject({ outcome: 'few_questions', denseTrust: null, best: 0.25, questions: 39 })
    expect(learnTrust([])).toMatchObject({ outcome: 'few_questions', questions: 0, usual: 0, best: 1 })
  })

  test('never keeps a value whose cross-validated gain is not above 0', () => {
    fc.assert(
      fc.property(fc.array(figures, { minLength: fewestQuestions, maxLength: 60 }), (rows) => {
        const { outcome, denseTrust, best, gain } = learnTrust(outcomes(rows))
        expect(denseTrust).toBe(outcome === 'kept' ? best : null)
        if (outcome === 'kept') expect(gain.difference).toBeGreaterThan(0)
        expect(trustValues).toContain(best)
      }),
      { numRuns: 20 },
    )
  })
})

/** Numbers from 0 to 1, always the same (a linear congruential generator, Numerical Recipes' constants). */
function sequence(): () => number {
  let state = 7
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
