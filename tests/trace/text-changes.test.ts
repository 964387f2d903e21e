import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareTexts } from '../../src/trace/text-changes.js'

const joined = (before: string, after: string, without: 'gone' | 'new') =>
  compareTexts(before, after)
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('')

/** Texts that have much in common, as two answers do. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom('每运行', '两千', '四千', '小时', ' pump', ' 25', '.', '🔧', '\ud800'), { maxLength: 30 })
    .map((words) => words.join('')),
)

describe('compareTexts', () => {
  test('holds both texts whole', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(joined(before, after, 'new')).toBe(before)
        expect(joined(before, after, 'gone')).toBe(after)
      }),
    )
  })

  test('finds no change in a text itself, and only change in texts that share nothing', () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(compareTexts(same, same)).toEqual(same === '' ? [] : [{ kind: 'same', text: same }])
      }),
    )
    expect(compareTexts('甲乙', '丙')).toEqual([
      { kind: 'gone', text: '甲乙' },
      { kind: 'new', text: '丙' },
    ])
  })

  test('has neighbours of different kinds, none of them empty', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = compareTexts(before, after)
        expect(changes.every((change, at) => change.text !== '' && change.kind !== changes[at - 1]?.kind)).toBe(true)
      }),
    )
  })

  test('keeps words and numbers together, and goes by characters in Chinese', () => {
    expect(compareTexts('every 2000 hours', 'every 4000 hours')).toEqual([
      { kind: 'same', text: 'every ' },
      { kind: 'gone', text: '2000' },
      { kind: 'new', text: '4000' },
      { kind: 'same', text: ' hours' },
    ])
    expect(compareTexts('每运行两千小时更换一次', '每运行四千小时更换一次')).toEqual([
      { kind: 'same', text: '每运行' },
      { kind: 'gone', text: '两' },
      { kind: 'new', text: '四' },
      { kind: 'same', text: '千小时更换一次' },
    ])
  })

  test('replaces whole what is too much to compare', () => {
    const [before, after] = ['a b '.repeat(3_000), 'c d '.repeat(3_000)]
    expect(compareTexts(`x ${before}`, `x ${after}`).map(({ kind }) => kind)).toEqual(['same', 'gone', 'new', 'same'])
    expect(joined(before, after, 'gone')).toBe(after)
  })
})
