import { describe, expect, test } from 'vitest'
import { alignColumns, displayWidth } from '../../../src/cli/render/table.js'

describe('displayWidth', () => {
  test('counts two columns for the wide characters of East Asia', () => {
    expect(displayWidth('pump')).toBe(4)
    expect(displayWidth('泵ＡＢ')).toBe(6)
    expect(displayWidth('𠮷、')).toBe(4)
  })
})

describe('alignColumns', () => {
  test('aligns by what is seen, numbers to the right, without trailing spaces', () => {
    const rows = [
      ['NAME', 'FILES', 'NOTE'],
      ['泵与备件', '3', ''],
      ['a', '1200', 'ok'],
    ]
    expect(alignColumns(rows, { right: [1] })).toEqual([
      'NAME      FILES  NOTE',
      '泵与备件      3',
      'a          1200  ok',
    ])
  })
})
