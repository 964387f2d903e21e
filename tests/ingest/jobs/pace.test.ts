import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newPace } from '../../../src/ingest/jobs/pace.js'

describe('newPace', () => {
  test('knows nothing at first, and nothing from work that brought no units', () => {
    const pace = newPace()
    expect(pace.secondsPerUnit()).toBeNull()
    pace.add(10, { units: 0, kept: 1 })
    expect(pace.secondsPerUnit({ pending: 5 })).toBeNull()
  })

  test('weighs by units: a large piece of work counts for more than a small odd one', () => {
    const pace = newPace()
    pace.add(100, { units: 100, kept: 1 })
    pace.add(10, { units: 1, kept: 1 })
    expect(pace.secondsPerUnit()).toBeCloseTo(110 / 101)
  })

  test('stays between the fastest and the slowest that it saw', () => {
    const work = fc.record({
      secondsPerUnit: fc.integer({ min: 1, max: 1000 }),
      units: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(
        fc.array(work, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, kept) => {
          const pace = newPace()
          for (const { secondsPerUnit, units } of all) pace.add(secondsPerUnit * units, { units, kept })
          const paces = all.map(({ secondsPerUnit }) => secondsPerUnit)
          expect(pace.secondsPerUnit()).toBeGreaterThanOrEqual(Math.min(...paces) * (1 - 1e-9))
          expect(pace.secondsPerUnit()).toBeLessThanOrEqual(Math.max(...paces) * (1 + 1e-9))
        },
      ),
    )
  })

  test('becomes slower, never faster, by what is still to end', () => {
    const pace = newPace()
    pace.add(10, { units: 5, kept: 1 })
    expect(pace.secondsPerUnit({ pending: 1 })).toBe(2)
    expect(pace.secondsPerUnit({ pending: 8 })).toBe(3)
  })
})
