import { describe, expect, test } from 'vitest'
import { fillCells, type SheetRow, sheetRows } from '../../../../src/ingest/parsers/sheet/sheet-grid.js'

const row = (index: number, ...cells: string[]): SheetRow => ({ index, cells, copied: new Set() })
const budget = (limit = 1000) => ({ left: limit, limit })

describe('sheetRows', () => {
  test('repeats a merged cell in every cell it covers and marks the copies to its right', () => {
    const rows = sheetRows([row(0, '泵', 'a', 'b'), row(1, '', 'c', 'd')], {
      merges: [
        { top: 0, left: 0, bottom: 1, right: 0 },
        { top: 1, left: 1, bottom: 1, right: 2 },
      ],
      budget: budget(),
    })
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['泵', 'a', 'b'],
      ['泵', 'c', 'c'],
    ])
    expect(rows.map(({ copied }) => [...copied])).toEqual([[], [2]])
  })

  test('does not follow a merge beyond the rows and columns in use', () => {
    const rows = sheetRows([row(3, 'x', 'y')], {
      merges: [
        { top: 3, left: 0, bottom: 1_048_575, right: 16_383 },
        { top: 0, left: 0, bottom: 1_048_575, right: 16_383 },
      ],
      budget: budget(),
    })
    expect(rows.map(({ cells }) => cells)).toEqual([['x', 'x']])
  })

  test('counts cells and their copies against the budget', () => {
    const rows = [row(0, 'a', 'b'), row(1, 'c', 'd')]
    const merges = [{ top: 0, left: 0, bottom: 1, right: 1 }]
    expect(() => sheetRows(rows, { merges: [], budget: budget(4) })).not.toThrow()
    expect(() => sheetRows(rows, { merges: [], budget: budget(3) })).toThrow(
      expect.objectContaining({ code: 'parse_failed', remedy: expect.any(String) }),
    )
    expect(() => sheetRows(rows, { merges, budget: budget(7) })).toThrow(
      expect.objectContaining({ code: 'parse_failed' }),
    )
  })
})

describe('fillCells', () => {
  test('writes into empty cells only, and adds rows where they belong', () => {
    const rows = [row(1, '泵'), row(5, '', 'b')]
    fillCells(rows, [
      { row: 5, column: 0, text: 'a' },
      { row: 1, column: 0, text: 'x' },
      { row: 3, column: 2, text: 'c' },
      { row: 9, column: 1_000_000_000, text: 'far' },
    ])
    expect(rows.map(({ index, cells }) => [index, cells])).toEqual([
      [1, ['泵']],
      [3, ['', '', 'c']],
      [5, ['a', 'b']],
    ])
  })
})
