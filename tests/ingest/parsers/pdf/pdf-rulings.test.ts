import { describe, expect, test } from 'vitest'
import { ruledGrid } from '../../../../src/ingest/parsers/pdf/pdf-ruled-grid.js'
import { joinRulings, lattices, type Ruling, uprightRulings } from '../../../../src/ingest/parsers/pdf/pdf-rulings.js'

const across = (at: number, from: number, to: number): Ruling => ({ isVertical: false, at, from, to })
const down = (at: number, from: number, to: number): Ruling => ({ isVertical: true, at, from, to })

describe('joinRulings', () => {
  test('joins the pieces of one line, also where they are drawn a little apart, and no others', () => {
    expect(joinRulings([across(100, 0, 50), across(100.5, 52, 90), across(100, 120, 150), across(110, 0, 50)])).toEqual(
      [across(100, 0, 90), across(100, 120, 150), across(110, 0, 50)],
    )
  })
})

describe('lattices', () => {
  test('groups what touches, and leaves single lines out', () => {
    const box = [across(0, 0, 100), across(50, 0, 100), down(0, 0, 50), down(100, 0, 50)]
    const other = [across(200, 0, 100), down(50, 202, 250)]
    const found = lattices([...box, ...other, across(400, 0, 100)])
    expect(found.map(({ horizontal, vertical }) => [horizontal.length, vertical.length])).toEqual([
      [2, 2],
      [1, 1],
    ])
  })
})

describe('ruledGrid', () => {
  const place = ({ row, column, rows, columns }: { row: number; column: number; rows: number; columns: number }) =>
    `${row},${column} ${rows}x${columns}`

  test('makes one cell of what no line parts', () => {
    const grid = ruledGrid({
      horizontal: [across(0, 0, 100), across(20, 50, 100), across(40, 0, 100), across(60, 0, 100)],
      vertical: [down(0, 0, 60), down(50, 0, 40), down(100, 0, 60)],
    })
    expect(grid?.cells.map(place).sort()).toEqual(['0,0 2x1', '0,1 1x1', '1,1 1x1', '2,0 1x2'])
  })

  test('closes a table that has no lines at its sides', () => {
    const grid = ruledGrid({ horizontal: [0, 20, 40].map((y) => across(y, 0, 100)), vertical: [down(50, 0, 40)] })
    expect(grid?.xs).toEqual([0, 50, 100])
    expect(grid?.cells).toHaveLength(4)
  })

  test('leaves areas that are no rectangle in their single cells', () => {
    const grid = ruledGrid({
      horizontal: [across(0, 0, 100), across(20, 50, 100), across(40, 0, 100)],
      vertical: [down(0, 0, 40), down(50, 20, 40), down(100, 0, 40)],
    })
    expect(grid?.cells.map(place).sort()).toEqual(['0,0 1x1', '0,1 1x1', '1,0 1x1', '1,1 1x1'])
  })
})

describe('uprightRulings', () => {
  test('turns lines with the page', () => {
    const frame = { width: 600, height: 800, turns: 1, isMirrored: false }
    expect(uprightRulings([across(100, 50, 70), down(500, 10, 30)], frame)).toEqual([
      down(100, 530, 550),
      across(100, 10, 30),
    ])
  })
})
