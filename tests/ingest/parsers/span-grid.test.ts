import { describe, expect, test } from 'vitest'
import { gridRows, headerDepth, spanGrid } from '../../../src/ingest/parsers/span-grid.js'

const cell = (text: string, columns = 1, rows = 1) => ({ text, columns, rows })
const grid = spanGrid([
  [cell('项目', 1, 2), cell('2025', 2)],
  [cell('上'), cell('下')],
  [cell('华东', 1, 2), cell('1'), cell('2')],
  [cell('3', 2)],
])

describe('spanGrid', () => {
  test('gives every place that a cell spans its text', () => {
    expect(grid.map((row) => row.map(({ text }) => text))).toEqual([
      ['项目', '2025', '2025'],
      ['项目', '上', '下'],
      ['华东', '1', '2'],
      ['华东', '3', '3'],
    ])
  })

  test('survives spans that are no sensible numbers', () => {
    expect(spanGrid([[cell('a', Number.NaN, -3), cell('b', 1e9, 1e9)]])[0]).toHaveLength(400)
    expect(spanGrid([])).toEqual([])
  })
})

describe('gridRows', () => {
  test('joins the header and repeats spans across only there', () => {
    expect(gridRows(grid, { headerRows: 2 })).toEqual([
      ['项目', '2025 上', '2025 下'],
      ['华东', '1', '2'],
      ['华东', '3', ''],
    ])
    expect(gridRows(grid, { headerRows: 0 })[0]).toEqual(['项目', '2025', ''])
  })
})

describe('headerDepth', () => {
  test('is two where the second row names the parts of what the first spans', () => {
    expect(headerDepth(grid)).toBe(2)
  })

  test('is one over numbers, under a title across the table, and in small tables', () => {
    const rows = (...second: string[]) =>
      spanGrid([[cell('项目'), cell('2025', 2)], second.map((text) => cell(text)), [cell('x')]])
    expect(headerDepth(rows('收入', '1,200', '35%'))).toBe(1)
    expect(headerDepth(rows('收入', '甲', '乙'))).toBe(2)
    expect(headerDepth(spanGrid([[cell('标题', 3)], [cell('甲'), cell('乙'), cell('丙')], [cell('x')]]))).toBe(1)
    expect(headerDepth(grid.slice(0, 2))).toBe(1)
    expect(headerDepth([])).toBe(1)
  })
})
