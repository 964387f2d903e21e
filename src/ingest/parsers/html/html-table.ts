import { gridRows, spanGrid } from '../span-grid.js'
import { attribute, childElements, descendants, type HtmlElement } from './html-tree.js'

export interface HtmlTable {
  /** Header row first where there is one; header rows that stand above each other are joined to one. */
  rows: string[][]
  hasHeader: boolean
  caption: HtmlElement | null
  /** Tables that stand inside cells. */
  nested: HtmlElement[]
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
  const grid = spanGrid(
    rows.map((row) =>
      cellsOf(row).map((cell) => ({
        text: cellText(cell),
        columns: span(cell, 'colspan'),
        rows: span(cell, 'rowspan'),
      })),
    ),
  )
  const headerRows = countHeaderRows(rows)
  return {
    rows: gridRows(grid, { headerRows }),
    hasHeader: headerRows > 0 || grid.length > 1,
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

function span(cell: HtmlElement, name: 'colspan' | 'rowspan'): number {
  return Number.parseInt(attribute(cell, name) ?? '1', 10)
}

function countHeaderRows(rows: readonly HtmlElement[]): number {
  const isHeader = (row: HtmlElement) =>
    (row.parentNode !== null && 'tagName' in row.parentNode && row.parentNode.tagName === 'thead') ||
    (cellsOf(row).length > 1 && cellsOf(row).every((cell) => cell.tagName === 'th'))
  const first = rows.findIndex((row) => !isHeader(row))
  return first === -1 ? Math.min(1, rows.length) : first
}
