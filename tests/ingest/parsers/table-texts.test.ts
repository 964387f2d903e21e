import { describe, expect, test } from 'vitest'
import { tableTexts } from '../../../src/ingest/parsers/table-texts.js'

const rows = (count: number) => Array.from({ length: count }, (_, index) => [`name ${index}`, `${index}`])

describe('tableTexts', () => {
  test('writes a row a line, its cells joined by a bar', () => {
    expect(
      tableTexts([
        ['部件', '周期'],
        ['滤芯', '每月\n检查'],
      ]),
    ).toEqual(['部件 | 周期\n滤芯 | 每月 检查'])
  })

  test('repeats the header in each part of a long table', () => {
    const parts = tableTexts([['name', 'number'], ...rows(45)])
    expect(parts.map((part) => part.split('\n').length)).toEqual([21, 21, 6])
    expect(parts.every((part) => part.startsWith('name | number\n'))).toBe(true)
    expect(parts.at(-1)).toContain('name 44 | 44')
  })

  test('repeats nothing where there is no header, or a very long one', () => {
    expect(tableTexts(rows(25), { hasHeader: false })[1]).toMatch(/^name 20/)
    expect(tableTexts([['h'.repeat(900), 'x'], ...rows(25)])[1]).toMatch(/^name 19/)
  })

  test('leaves out empty rows and columns', () => {
    expect(
      tableTexts([
        ['a', '', 'b'],
        ['', '', ''],
        ['1', '', ''],
      ]),
    ).toEqual(['a | b\n1'])
    expect(tableTexts([['', ' ']])).toEqual([])
    expect(tableTexts([])).toEqual([])
  })
})
