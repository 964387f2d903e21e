import { describe, expect, test } from 'vitest'
import { listNumber } from '../../../src/ingest/parsers/list-number.js'

describe('listNumber', () => {
  test.each([
    ['decimal', [1, 12], ['1', '12']],
    ['decimalZero', [1, 12], ['01', '12']],
    ['lowerRoman', [4, 9, 14], ['iv', 'ix', 'xiv']],
    ['upperRoman', [1999], ['MCMXCIX']],
    ['lowerLetter', [1, 26, 27], ['a', 'z', 'aa']],
    ['upperLetter', [2], ['B']],
    ['chineseCounting', [1, 10, 11, 20, 25, 101, 110], ['一', '十', '十一', '二十', '二十五', '一百零一', '一百一十']],
    ['ideographDigital', [10], ['一〇']],
    ['ideographTraditional', [1, 10, 11], ['甲', '癸', '11']],
    ['decimalEnclosedCircle', [1, 20, 21], ['①', '⑳', '21']],
    ['none', [3], ['']],
    ['someFormatOfLater', [3], ['3']],
  ])('counts in %s', (format, numbers, texts) => {
    expect(numbers.map((number) => listNumber(number, format))).toEqual(texts)
  })

  test('does not run away on a number that no list has', () => {
    expect(listNumber(1e12, 'lowerRoman').length).toBeLessThan(30)
    expect(listNumber(Number.NaN, 'decimal')).toBe('0')
  })
})
