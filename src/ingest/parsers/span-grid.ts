const mostColumns = 400
const mostRowsSpanned = 1000

/** A cell as a file writes it: once, with the room it takes. */
export interface SpanningCell {
  text: string
  columns: number
  rows: number
}

export interface GridCell {
  text: string
  /** Repeats a cell to its left, which spans several columns. */
  copiedAcross: boolean
}

/**
 * Lays a table's cells out on its grid. Every row and column that a cell spans gets its text.
 * @param rows the cells of each row, without those that others cover
 */
export function spanGrid(rows: readonly (readonly SpanningCell[])[]): GridCell[][] {
  const grid: GridCell[][] = rows.map(() => [])
  rows.forEach((row, rowIndex) => {
    let column = 0
    for (const { text, columns, rows: spanned } of row) {
      while (grid[rowIndex]?.[column] !== undefined) column += 1
      if (column >= mostColumns) break
      const width = Math.min(atLeastOne(columns), mostColumns - column)
      const height = Math.min(atLeastOne(spanned), mostRowsSpanned)
      for (const line of grid.slice(rowIndex, rowIndex + height)) {
        for (let across = 0; across < width; across += 1) line[column + across] = { text, copiedAcross: across > 0 }
      }
      column += width
    }
  })
  return grid.map((row) => Array.from(row, (cell) => cell ?? { text: '', copiedAcross: false }))
}

/**
 * Rows of text of which each can be read alone: a cell that spans rows is repeated in each; one that spans columns is
 * repeated only in the header. Header rows that stand above each other are joined to one.
 */
export function gridRows(grid: readonly GridCell[][], { headerRows }: { headerRows: number }): string[][] {
  const body = grid.slice(headerRows).map((row) => row.map((cell) => (cell.copiedAcross ? '' : cell.text)))
  return headerRows === 0 ? body : [joinHeader(grid.slice(0, headerRows)), ...body]
}

/**
 * How many rows the header has where a file marks only the first: two when a cell of the first spans some of the
 * columns and the row below it names their parts.
 */
export function headerDepth(grid: readonly GridCell[][]): number {
  const [first = [], second = []] = grid
  const spanned = first.filter((cell) => cell.copiedAcross).length
  if (grid.length < 3 || spanned === 0 || spanned >= first.length - 1) return 1
  const names = second.filter((cell) => cell.text.trim() !== '')
  const holdsNumbers = names.some((cell) => /^[-+¥$€]?[\d.,]+\s*%?$/.test(cell.text.trim()))
  return names.length > spanned / 2 && !holdsNumbers ? 2 : 1
}

const atLeastOne = (span: number) => (Number.isFinite(span) ? Math.max(1, Math.trunc(span)) : 1)

function joinHeader(rows: readonly GridCell[][]): string[] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    const parts = rows.map((row) => row[column]?.text ?? '').filter((text) => text !== '')
    return [...new Set(parts)].join(' ')
  })
}
