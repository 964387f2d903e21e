import type { TableSegment } from './pdf-tables.js'

/** How far columns of one table may be moved from page to page, in points. */
const moved = 6

/**
 * Gives a table that goes on from the page before the header with which it began, unless it repeats that itself.
 * @param before the table that ended the page before
 */
export function continueTable(table: TableSegment, before: TableSegment): TableSegment {
  const header = before.rows[0]
  if (header === undefined || !before.hasHeader || !haveSameColumns(table, before)) return table
  const isRepeated = squeeze(header) === squeeze(table.rows[0] ?? [])
  return { ...table, hasHeader: true, rows: isRepeated ? table.rows : [header, ...table.rows] }
}

/** Left and right pages may lie differently, so all columns may be shifted by the same. */
function haveSameColumns(one: TableSegment, other: TableSegment): boolean {
  const shift = (one.columns[0] ?? 0) - (other.columns[0] ?? 0)
  const isMoved = (x: number, index: number) => Math.abs(x - (other.columns[index] ?? 0) - shift) > moved
  return one.columns.length === other.columns.length && !one.columns.some(isMoved)
}

const squeeze = (row: readonly string[]) => row.join('|').replace(/\s+/g, '')
