import { InkstoneError } from '../../core/errors.js'

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
  const rows = filled.map((row) => ({ ...row, cells: [...row.cells] }))
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
  if (budget.left < 0) {
    throw new InkstoneError('parse_failed', `the workbook holds more than ${budget.limit} cells`, {
      remedy: 'split it into several files, or leave out the sheets that nobody asks about',
    })
  }
}
