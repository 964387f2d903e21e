import { InkstoneError } from '../../../core/errors.js'

/** A row that holds something. Cells stand at their column, '' where one is empty. */
export interface SheetRow {
  /** Counts from 0; empty rows leave gaps. */
  index: number
  cells: string[]
  /** Columns whose cell repeats the one to its left, which is merged across them. */
  copied: ReadonlySet<number>
}

/** A merged cell: all four counted from 0 and part of it. */
export interface CellRange {
  top: number
  left: number
  bottom: number
  right: number
}

/** What a workbook may still hold; shared by its sheets. */
export interface CellBudget {
  left: number
  readonly limit: number
}

const none: ReadonlySet<number> = new Set()
/** As many as Excel and LibreOffice have. */
const mostColumns = 16_384

/**
 * The rows of a sheet, a merged cell's text in every cell that it covers, as far as its rows hold anything else: each row
 * can then be read alone.
 * @param filled the cells with text, by row and column; rows that hold nothing may be missing
 * @throws InkstoneError `parse_failed` when there are more cells than the budget has left
 */
export function sheetRows(
  filled: readonly SheetRow[],
  { merges, budget }: { merges: readonly CellRange[]; budget: CellBudget },
): SheetRow[] {
  const rows = [...filled]
  const width = rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0)
  for (const row of rows) spend(budget, row.cells.length)
  for (const { top, left, bottom, right } of merges) {
    const first = firstFrom(rows, top)
    const text = rows[first]?.index === top ? (rows[first]?.cells[left] ?? '') : ''
    if (text === '') continue
    const last = Math.min(right, width - 1)
    for (let at = first; (rows[at]?.index ?? Number.POSITIVE_INFINITY) <= bottom; at += 1) {
      spend(budget, last - left + 1)
      const row = rows[at]
      if (row !== undefined) rows[at] = withCopies(row, { text, left, right: last })
    }
  }
  return rows
}

/**
 * Writes texts into cells that are empty.
 * @param rows in their order, which they keep
 */
export function fillCells(rows: SheetRow[], texts: readonly { row: number; column: number; text: string }[]): void {
  for (const { row: index, column, text } of texts) {
    if (column >= mostColumns) continue
    const at = firstFrom(rows, index)
    const found = rows[at]
    const row = found?.index === index ? found : { index, cells: [], copied: none }
    if (row !== found) rows.splice(at, 0, row)
    while (row.cells.length <= column) row.cells.push('')
    if (row.cells[column] === '') row.cells[column] = text
  }
}

function withCopies(row: SheetRow, { text, left, right }: { text: string; left: number; right: number }): SheetRow {
  const cells = Array.from({ length: Math.max(row.cells.length, right + 1) }, (_, column) => row.cells[column] ?? '')
  const copied = new Set(row.copied)
  for (let column = left; column <= right; column += 1) {
    cells[column] = text
    if (column > left) copied.add(column)
  }
  return { index: row.index, cells, copied: copied.size === 0 ? none : copied }
}

/** Position of the first row at `index` or below it. */
function firstFrom(rows: readonly SheetRow[], index: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.index ?? 0) < index) low = middle + 1
    else high = middle
  }
  return low
}

function spend(budget: CellBudget, cells: number): void {
  budget.left -= cells
  if (budget.left < 0) throw tooManyCells(budget.limit)
}

export function tooManyCells(limit: number): InkstoneError {
  return new InkstoneError('parse_failed', `the workbook holds more than ${limit} cells`, {
    remedy: 'split it into several files, or leave out the sheets that nobody asks about',
  })
}
