import type { Cell, Line, TableContent } from './pdf-lines.js'
import { besideProse } from './pdf-side-heads.js'

export interface TableSegment extends TableContent {
  kind: 'table'
  lines: Line[]
}

export type Segment = { kind: 'lines'; lines: Line[] } | TableSegment

interface Column {
  x: number
  right: number
}

const fewestRows = 3
/** Distance between rows, in multiples of the font size. */
const widestRowGap = 4
const longestSingles = 2
const listMark = /^[•●▪■◆○◦➢✓*\-–—]$|^[(（]?[\dA-Za-z一二三四五六七八九十]{1,3}[.)）、．]?$/

/** Parts a region's lines into tables, ruled ones and those where at least three lines align in columns, and other lines. */
export function findTables(lines: readonly Line[]): Segment[] {
  const segments: Segment[] = []
  let loose: Line[] = []
  const endLoose = () => {
    if (loose.length > 0) segments.push({ kind: 'lines', lines: loose })
    loose = []
  }
  for (let index = 0; index < lines.length; ) {
    const line = lines[index]
    if (line?.table !== undefined) {
      endLoose()
      segments.push({ kind: 'table', ...line.table, lines: [line] })
      index += 1
      continue
    }
    const sides = besideProse(lines, index)
    if (sides !== null) {
      endLoose()
      segments.push({ kind: 'lines', lines: sides.heads })
      loose.push(...sides.body)
      index += sides.taken
      continue
    }
    const run = alignedRun(lines, index)
    const table = run.length === 0 ? null : readRows(run)
    if (table === null) {
      // A run that is no table is not tried again from its second line: that would take quadratic time.
      const taken = Math.max(1, run.length)
      loose.push(...lines.slice(index, index + taken))
      index += taken
      continue
    }
    endLoose()
    segments.push({ kind: 'table', ...table, lines: run })
    index += run.length
  }
  endLoose()
  return segments
}

/** The lines from `start` on that have several cells, with at most two single ones between them. */
function alignedRun(lines: readonly Line[], start: number): Line[] {
  let end = start
  let singles = 0
  let previous: Line | undefined
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index]
    if (
      line === undefined ||
      line.table !== undefined ||
      (previous !== undefined && line.y - previous.y > widestRowGap * line.size)
    )
      break
    const isRow = line.cells.length > 1 && !line.cells.some((cell) => /[.．…·]{4,}/.test(cell.text))
    if (isRow) {
      end = index + 1
      singles = 0
    } else {
      singles += 1
      if (index === start || line.cells.length > 1 || singles > longestSingles) break
    }
    previous = line
  }
  return lines.slice(start, end)
}

function readRows(run: readonly Line[]): TableContent | null {
  const many = run.filter((line) => line.cells.length > 1)
  if (many.length < fewestRows) return null
  const columns = columnsOf(many)
  const fits = many.filter(
    (line) => new Set(line.cells.map((cell) => columnOf(cell, columns))).size === line.cells.length,
  )
  if (columns.length < 2 || fits.length < many.length * 0.7) return null
  if (many.every((line) => listMark.test(line.cells[0]?.text ?? ''))) return null
  const rows: string[][] = []
  for (const line of run) {
    const row = columns.map(() => '')
    for (const cell of line.cells) {
      const column = columnOf(cell, columns)
      row[column] = [row[column] ?? '', cell.text].join(' ').trim()
    }
    const single = line.cells.length === 1 ? row.findIndex((text) => text !== '') : -1
    const above = rows.at(-1)
    // A lone cell outside the first column is the rest of the cell above it.
    if (single > 0 && above !== undefined && (above[single] ?? '') !== '') {
      above[single] = `${above[single]} ${row[single]}`
    } else rows.push(row)
  }
  return { rows, hasHeader: looksLikeHeader(rows[0] ?? []), title: '', columns: columns.map((column) => column.x) }
}

/** A header names every column, and seldom with a number. */
function looksLikeHeader(row: readonly string[]): boolean {
  return row.every((cell) => cell !== '' && !/\d/.test(cell))
}

/** Cells that overlap from row to row make a column. */
function columnsOf(lines: readonly Line[]): Column[] {
  const columns: Column[] = []
  for (const { x, right } of lines.flatMap((line) => line.cells).sort((a, b) => a.x - b.x)) {
    const last = columns.at(-1)
    if (last === undefined || x >= last.right) columns.push({ x, right })
    else last.right = Math.max(last.right, right)
  }
  return columns
}

function columnOf(cell: Cell, columns: readonly Column[]): number {
  const overlap = ({ x, right }: Column) => Math.min(right, cell.right) - Math.max(x, cell.x)
  return columns.reduce((best, column, index) => (overlap(column) > overlap(columns[best] ?? column) ? index : best), 0)
}
