import { type GridCell, gridRows, headerDepth } from '../span-grid.js'

export interface RtfCell {
  text: string
  /** Its right edge in twentieths of a point, null where the row does not say. */
  edge: number | null
  /** `above` and `left`: it only continues the cell there. */
  merged: 'no' | 'above' | 'left'
}

export interface RtfRow {
  cells: RtfCell[]
  isHeader: boolean
}

/** Edges nearer than this are the same: writers round. */
const sameEdge = 30
const mostColumns = 200
/** A grid larger than this is made without regard to edges. */
const mostGridCells = 1_000_000

/**
 * Rows of a table on their grid: columns lie between the edges that the rows have together, so that a cell wider than
 * others spans several. Merged cells are repeated in each row.
 */
export function rtfTable(rows: readonly RtfRow[]): { rows: string[][]; hasHeader: boolean } {
  const edges = commonEdges(rows)
  const grid: GridCell[][] = []
  for (const row of rows) grid.push(placed(row, { edges, above: grid.at(-1) ?? [] }))
  const marked = rows.findIndex((row) => !row.isHeader)
  const headerRows = marked > 0 ? marked : headerDepth(grid)
  return { rows: gridRows(grid, { headerRows: grid.length > 1 ? headerRows : 0 }), hasHeader: grid.length > 1 }
}

function commonEdges(rows: readonly RtfRow[]): number[] {
  const all = rows.flatMap(({ cells }) => cells.flatMap(({ edge }) => edge ?? [])).sort((one, other) => one - other)
  const distinct: number[] = []
  for (const edge of all) if (distinct.length === 0 || edge - (distinct.at(-1) ?? 0) > sameEdge) distinct.push(edge)
  const columns = distinct.slice(0, mostColumns)
  return columns.length * rows.length > mostGridCells ? [] : columns
}

function placed(
  { cells }: RtfRow,
  { edges, above }: { edges: readonly number[]; above: readonly GridCell[] },
): GridCell[] {
  const row: GridCell[] = []
  for (const { text, edge, merged } of cells) {
    const start = row.length
    const last = edge === null ? -1 : edges.findLastIndex((candidate) => candidate <= edge + sameEdge)
    const end = Math.min(Math.max(last + 1, start + 1), mostColumns)
    const left = row.at(-1)?.text ?? ''
    const shown = merged === 'above' && text === '' ? (above[start]?.text ?? '') : merged === 'left' ? left : text
    for (let column = start; column < end; column += 1) {
      row.push({ text: shown, copiedAcross: merged === 'left' || column > start })
    }
  }
  return row
}
