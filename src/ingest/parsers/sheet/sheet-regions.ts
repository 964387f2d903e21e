import type { SheetRow } from './sheet-grid.js'

/** A side of a sheet with less than this is no table of its own. */
const leastColumns = 2
const leastRows = 2

/**
 * Parts a sheet into what stands together: an empty row ends a region, and so does an empty column between two tables
 * that begin at different heights. An empty column inside a table, there for the looks, parts nothing.
 */
export function sheetRegions(rows: readonly SheetRow[]): SheetRow[][] {
  return splitAtEmptyRows(rows).flatMap((region) => {
    const column = partingColumn(region)
    if (column === null) return [region]
    return [
      ...sheetRegions(cutColumns(region, 0, column)),
      ...sheetRegions(cutColumns(region, column, Number.MAX_VALUE)),
    ]
  })
}

function splitAtEmptyRows(rows: readonly SheetRow[]): SheetRow[][] {
  const regions: SheetRow[][] = []
  let above: SheetRow | undefined
  for (const row of rows) {
    const open = regions.at(-1)
    if (open !== undefined && above !== undefined && row.index === above.index + 1 && !standsAside(above, row)) {
      open.push(row)
    } else regions.push([row])
    above = row
  }
  return regions
}

/** Two rows of several cells that share no column belong to tables that only touch at a corner. */
function standsAside(above: SheetRow, below: SheetRow): boolean {
  const [a, b] = [columnsOf(above), columnsOf(below)]
  if (a.length < leastColumns || b.length < leastColumns) return false
  return (a.at(-1) ?? 0) < (b[0] ?? 0) || (b.at(-1) ?? 0) < (a[0] ?? 0)
}

/** The column at which the right one of two tables begins, or null. */
function partingColumn(region: readonly SheetRow[]): number | null {
  const firstRows: number[] = []
  const rowCounts: number[] = []
  region.forEach((row, at) => {
    for (const column of columnsOf(row)) {
      firstRows[column] ??= at
      rowCounts[column] = (rowCounts[column] ?? 0) + 1
    }
  })
  const starts = Array.from(firstRows.keys()).filter(
    (column) => column > 0 && firstRows[column] !== undefined && firstRows[column - 1] === undefined,
  )
  const parting = starts.find((start) => {
    const [left, right] = [sideOf(firstRows, 0, start), sideOf(firstRows, start, firstRows.length)]
    const isTable = (side: { columns: number }, from: number, to: number) =>
      side.columns >= leastColumns && rowCounts.slice(from, to).some((count) => count >= leastRows)
    if (!isTable(left, 0, start) || !isTable(right, start, firstRows.length)) return false
    // One row apart is a header of two rows; titles above stand on one side only.
    return Math.abs(left.firstRow - right.firstRow) > 1
  })
  return parting ?? null
}

/** How many columns of a side are used, and the row in which the second of them begins: a title fills only one. */
function sideOf(firstRows: readonly (number | undefined)[], from: number, to: number) {
  const used = firstRows.slice(from, to).flatMap((row) => (row === undefined ? [] : [row]))
  return { columns: used.length, firstRow: used.toSorted((a, b) => a - b)[1] ?? 0 }
}

function cutColumns(region: readonly SheetRow[], from: number, to: number): SheetRow[] {
  return region.flatMap((row) => {
    const cells = row.cells.map((cell, column) => (column >= from && column < to ? cell : ''))
    return cells.some((cell) => cell !== '') ? [{ ...row, cells }] : []
  })
}

function columnsOf(row: SheetRow): number[] {
  return row.cells.flatMap((cell, column) => (cell === '' ? [] : [column]))
}
