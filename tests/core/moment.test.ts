import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentOf } from '../../src/core/moment.js'

describe('momentOf', () => {
  test('reads dates and times, in UTC where no zone is named', () => {
    const morning = Date.UTC(2026, 2, 1, 10, 30)
    expect(momentOf('2026-03-01')).toBe(Date.UTC(2026, 2, 1))
    for (const text of ['2026-03-01T10:30', '2026-03-01 10:30:00', '2026-03-01T10:30:00.000Z']) {
      expect(momentOf(text), text).toBe(morning)
    }
    expect(momentOf('2026-03-01T18:30+08:00')).toBe(morning)
    expect(momentOf('2026-03-01T18:30:00+0800')).toBe(morning)
  })

  test.each(['', '2026', '2026-03', '03/01/2026', '2026-13-01', '2026-03-01T25:00', '2026-03-01x', 'V3.0', '第三版'])(
    'takes %j for no date',
    (text) => expect(momentOf(text)).toBeNull(),
  )

  test('reads back what a date writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
        expect(momentOf(date.toISOString())).toBe(date.getTime())
      }),
    )
  })
})
