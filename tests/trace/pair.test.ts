import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRevision, pairUp } from '../../src/trace/pair.js'

const lists = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })

describe('pairUp', () => {
  const rules = [(a: number, b: number) => a === b, (a: number, b: number) => Math.abs(a - b) === 1]

  test('takes every item of both lists once', () => {
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const pairs = pairUp(before, after, rules)
        expect(pairs.flatMap((pair) => pair.before ?? []).sort()).toEqual([...before].sort())
        expect(pairs.flatMap((pair) => pair.after ?? []).sort()).toEqual([...after].sort())
      }),
    )
  })

  test('leaves no two alone that a rule would pair', () => {
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const alone = pairUp(before, after, rules)
        const left = alone.flatMap((pair) => (pair.after === null ? [pair.before] : []))
        const right = alone.flatMap((pair) => (pair.before === null ? [pair.after] : []))
        expect(left.some((a) => right.some((b) => rules.some((rule) => rule(a, b))))).toBe(false)
      }),
    )
  })

  test('prefers the rule that comes first', () => {
    expect(pairUp([1, 2], [2, 3], rules)).toEqual([
      { before: 2, after: 2 },
      { before: 1, after: null },
      { before: null, after: 3 },
    ])
  })
})

describe('isRevision', () => {
  test('knows a passage again in which a value has changed', () => {
    expect(isRevision('每运行两千小时更换一次机械密封。', '每运行四千小时更换一次机械密封。')).toBe(true)
    expect(isRevision('Replace the seal every 2000 hours.', 'Replace the seal every 4000 hours.')).toBe(true)
  })

  test('takes other passages, and texts without words, for others', () => {
    expect(isRevision('每运行两千小时更换一次机械密封。', '轴承温度不得超过八十度。')).toBe(false)
    expect(isRevision('。', '。')).toBe(false)
  })
})
