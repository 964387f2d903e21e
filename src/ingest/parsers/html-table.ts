import { attribute, childElements, descendants, type HtmlElement } from './html-tree.js'

const mostColumns = 400
const mostRowsSpanned = 1000

export interface HtmlTable {
  /** Header row first where there is one; header rows that stand above each other are joined to one. */
  rows: string[][]
  hasHeader: boolean
  caption: HtmlElement | null
  /** Tables that stand inside cells. */
  nested: HtmlElement[]
}

interface GridCell {
  text: string
  /** Repeats a cell to its left, which spans several columns. */
  copiedAcross: boolean
}

/** A table that only arranges the page: one column, or cells that hold whole sections. */
export function isLayoutTable(table: HtmlElement): boolean {
  const rows = tableRows(table)
  const widest = rows.reduce((width, row) => Math.max(width, cellsOf(row).length), 0)
  if (widest < 2) return true
  const holdsSections = rows.flatMap(cellsOf).some((cell) => {
    for (const element of descendants(cell))
      if (/^(h[1-6]|article|section|form|pre)$/.test(element.tagName)) return true
    return false
  })
  return holdsSections || attribute(table, 'role') === 'presentation'
}

/**
 * Reads a table into rows of text. A cell that spans rows is repeated in each, so that every row can be read alone; one
 * that spans columns is repeated only in the header.
 * @param cellText the text of a cell without the tables inside it
 */
export function readTable(table: HtmlElement, cellText: (cell: HtmlElement) => string): HtmlTable {
  const rows = tableRows(table)
  const grid = toGrid(rows, cellText)
  const headerRows = countHeaderRows(rows)
  const header = joinHeader(grid.slice(0, headerRows))
  const body = grid.slice(headerRows).map((row) => row.map((cell) => (cell.copiedAcross ? '' : cell.text)))
  return {
    rows: headerRows === 0 ? body : [header, ...body],
    hasHeader: headerRows > 0 || body.length > 1,
    caption: childElements(table).find((child) => child.tagName === 'caption') ?? null,
    nested: rows.flatMap(cellsOf).flatMap(outermostTables),
  }
}

function tableRows(table: HtmlElement): HtmlElement[] {
  return childElements(table).flatMap((child) => {
    if (child.tagName === 'tr') return [child]
    const isGroup = child.tagName === 'thead' || child.tagName === 'tbody' || child.tagName === 'tfoot'
    return isGroup ? childElements(child).filter((row) => row.tagName === 'tr') : []
  })
}

function cellsOf(row: HtmlElement): HtmlElement[] {
  return childElements(row).filter((cell) => cell.tagName === 'td' || cell.tagName === 'th')
}

function outermostTables(cell: HtmlElement): HtmlElement[] {
  return childElements(cell).flatMap((child) => (child.tagName === 'table' ? [child] : outermostTables(child)))
}

function span(cell: HtmlElement, name: 'colspan' | 'rowspan', most: number): number {
  const value = Number.parseInt(attribute(cell, name) ?? '1', 10)
  return Number.isFinite(value) ? Math.min(Math.max(value, 1), most) : 1
}

function toGrid(rows: readonly HtmlElement[], cellText: (cell: HtmlElement) => string): GridCell[][] {
  const grid: GridCell[][] = rows.map(() => [])
  rows.forEach((row, rowIndex) => {
    let column = 0
    for (const cell of cellsOf(row)) {
      while (grid[rowIndex]?.[column] !== undefined) column += 1
      if (column >= mostColumns) break
      const text = cellText(cell)
      const width = Math.min(span(cell, 'colspan', mostColumns), mostColumns - column)
      const height = span(cell, 'rowspan', mostRowsSpanned)
      for (const line of grid.slice(rowIndex, rowIndex + height)) {
        for (let across = 0; across < width; across += 1) line[column + across] = { text, copiedAcross: across > 0 }
      }
      column += width
    }
  })
  return grid.map((row) => Array.from(row, (cell) => cell ?? { text: '', copiedAcross: false }))
}

function countHeaderRows(rows: readonly HtmlElement[]): number {
  const isHeader = (row: HtmlElement) =>
    (row.parentNode !== null && 'tagName' in row.parentNode && row.parentNode.tagName === 'thead') ||
    (cellsOf(row).length > 1 && cellsOf(row).every((cell) => cell.tagName === 'th'))
  const first = rows.findIndex((row) => !isHeader(row))
  return first === -1 ? Math.min(1, rows.length) : first
}

function joinHeader(rows: readonly GridCell[][]): string[] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    const parts = rows.map((row) => row[column]?.text ?? '').filter((text) => text !== '')
    return [...new Set(parts)].join(' ')
  })
}
