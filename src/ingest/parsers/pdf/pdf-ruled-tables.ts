import type { BoundingBox } from '../../../core/types.js'
import { gridRows, headerDepth, type SpanningCell, spanGrid } from '../span-grid.js'
import { namesColumns } from '../table-header.js'
import { joinLines } from './pdf-join.js'
import { type Line, linesOf, type TableContent } from './pdf-lines.js'
import type { Run } from './pdf-page.js'
import { type RuledGrid, ruledGrid } from './pdf-ruled-grid.js'
import { lattices, type Ruling } from './pdf-rulings.js'
import { type FilledCell, splitOpenRows } from './pdf-unruled-rows.js'

/** More of it in a cell, on average, and the rulings only divide the page. */
const longestAverage = 400
const fewestFilled = 0.25

/**
 * Finds the tables that rulings make and takes their text out of the page's runs.
 * @param rulings in the frame in which the text is upright
 */
export function ruledTables(runs: readonly Run[], rulings: readonly Ruling[]): { tables: Line[]; rest: Run[] } {
  const tables: Line[] = []
  let rest = [...runs]
  const grids = lattices(rulings).flatMap((lattice) => ruledGrid(lattice) ?? [])
  for (const grid of grids.sort((one, other) => area(other) - area(one))) {
    const box = gridBox(grid)
    const inside = rest.filter((run) => holds(box, run))
    const table = inside.length === 0 ? null : readTable(grid, inside)
    if (table === null) continue
    const taken = new Set(inside)
    rest = rest.filter((run) => !taken.has(run))
    tables.push(tableLine(table, box))
  }
  return { tables, rest }
}

function gridBox({ xs, ys }: RuledGrid): BoundingBox {
  const [x = 0, y = 0] = [xs[0], ys[0]]
  return { x, y, width: (xs.at(-1) ?? x) - x, height: (ys.at(-1) ?? y) - y }
}

function area(grid: RuledGrid): number {
  const { width, height } = gridBox(grid)
  return width * height
}

function holds({ x, y, width, height }: BoundingBox, run: Run): boolean {
  const middle = { x: run.x + run.width / 2, y: run.y - run.size * 0.3 }
  return middle.x >= x && middle.x <= x + width && middle.y >= y && middle.y <= y + height
}

function readTable(grid: RuledGrid, runs: readonly Run[]): TableContent | null {
  const parts = runs.flatMap((run) => splitAtEdges(run, grid.xs))
  const cells = grid.cells.map((cell) => {
    const own = parts.filter((run) => holds(cell.box, run))
    return { ...cell, lines: linesOf(own, { gap: Number.POSITIVE_INFINITY }) }
  })
  const filled = cells.filter((cell) => cell.lines.length > 0)
  const characters = filled.reduce((sum, cell) => sum + cell.lines.reduce((all, line) => all + line.text.length, 0), 0)
  if (filled.length < cells.length * fewestFilled || characters > filled.length * longestAverage) return null
  const rows = splitOpenRows(cells)
  const perRow = rows.filter((row) => row.filter((cell) => cell.lines.length > 0).length > 1)
  return perRow.length < 2 ? null : tableContent(rows, grid.xs)
}

function tableContent(rows: readonly FilledCell[][], xs: readonly number[]): TableContent {
  const width = xs.length - 1
  const texts = rows.map((row) => row.map(spanningCell))
  const titles: string[] = []
  while (texts.length > 2 && texts[0]?.length === 1 && texts[0][0]?.columns === width) {
    titles.push(texts.shift()?.[0]?.text ?? '')
  }
  const grid = spanGrid(texts)
  const withHeader = gridRows(grid, { headerRows: Math.max(headerDepth(grid), firstRowDepth(texts[0] ?? [])) })
  const hasHeader = namesColumns(withHeader[0] ?? [], withHeader[1] ?? [])
  return {
    rows: hasHeader ? withHeader : gridRows(grid, { headerRows: 0 }),
    hasHeader,
    title: titles.filter((title) => title !== '').join(' '),
    columns: xs.slice(0, -1),
  }
}

/** A first row in which some cells span rows and others span columns is one header with the rows they reach. */
function firstRowDepth(row: readonly SpanningCell[]): number {
  const isMixed = row.some((cell) => cell.columns > 1) && row.some((cell) => cell.rows > 1 && cell.columns === 1)
  return isMixed ? Math.min(...row.filter((cell) => cell.rows > 1).map((cell) => cell.rows)) : 1
}

function spanningCell({ columns, rows, lines }: FilledCell): SpanningCell {
  const text = lines.reduce((joined, line) => (joined === '' ? line.text : joinLines(joined, line.text)), '')
  return { text, columns, rows }
}

function tableLine(table: TableContent, { x, y, width, height }: BoundingBox): Line {
  const text = table.rows.map((row) => row.join(' ')).join(' ')
  return { text, x, right: x + width, y: y + height, top: y, size: 0, font: '', cells: [], runs: [], table }
}

/** pdf.js may hand out the text of neighbouring cells as one run: its words go to the cells they stand in. */
function splitAtEdges(run: Run, xs: readonly number[]): Run[] {
  const isCut = xs.some((x) => x > run.x + run.size * 0.5 && x < run.x + run.width - run.size * 0.5)
  if (!isCut || !/\S\s+\S/.test(run.text)) return [run]
  const total = weightOf(run.text)
  return [...run.text.matchAll(/\S+/g)].map((word) => ({
    ...run,
    text: word[0],
    x: run.x + (run.width * weightOf(run.text.slice(0, word.index))) / total,
    width: (run.width * weightOf(word[0])) / total,
  }))
}

/** Widths of characters in half ems, roughly: Chinese ones are twice as wide as Latin ones. */
function weightOf(text: string): number {
  let weight = 0
  for (const character of text) weight += /[\u1100-\uFFEF]/.test(character) ? 2 : 1
  return weight
}
