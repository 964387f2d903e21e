import type { FlowBlock } from '../flow-block.js'
import { gridRows, headerDepth, type SpanningCell, spanGrid } from '../span-grid.js'
import { attribute, childAt, childElements, elementsNamed, type XmlElement } from '../xml.js'

/** Rows and cells may stand in content controls and marks of changes. */
const wrappers = new Set(['sdt', 'sdtContent', 'customXml', 'ins', 'moveTo', 'smartTag'])

/** A table of one column, or with headings in its cells, only arranges the page. */
export function isLayoutTable(table: XmlElement, isHeading: (paragraph: XmlElement) => boolean): boolean {
  const rows = rowsOf(table)
  if (rows.every((row) => cellsOf(row).length < 2)) return true
  return rows
    .flatMap(cellsOf)
    .some((cell) =>
      elementsNamed(cell, 'p').some((paragraph) => isHeading(paragraph) && elementsNamed(paragraph, 't').length > 0),
    )
}

export function docxCells(table: XmlElement): XmlElement[] {
  return rowsOf(table).flatMap(cellsOf)
}

/** A table's rows; merged cells are repeated so that each row can be read alone. */
export function docxTable(table: XmlElement, cellText: (cell: XmlElement) => string): FlowBlock {
  const rows = rowsOf(table)
  const grid = spanGrid(spanning(rows, cellText))
  const marked = rows.findIndex((row) => childAt(row, 'trPr', 'tblHeader') === null)
  const header = marked === -1 ? 1 : marked
  // Few files mark their header; a first row that spans its columns shows that it is one.
  const depth = header <= 1 ? headerDepth(grid) : header
  const headerRows = header > 0 || depth === 2 ? depth : 0
  return { kind: 'table', rows: gridRows(grid, { headerRows }), hasHeader: headerRows > 0 || grid.length > 1 }
}

/** Word writes a cell that spans rows in each of them, and marks those that go on. */
function spanning(rows: readonly XmlElement[], cellText: (cell: XmlElement) => string): SpanningCell[][] {
  const open = new Map<number, SpanningCell>()
  return rows.map((row) => {
    const cells: SpanningCell[] = []
    let column = gapBefore(row, (width) => cells.push({ text: '', columns: width, rows: 1 }))
    for (const cell of cellsOf(row)) {
      const columns = Math.max(Number(valueAt(cell, 'tcPr', 'gridSpan') ?? 1) || 1, 1)
      const merge = childAt(cell, 'tcPr', 'vMerge')
      const above = open.get(column)
      if (merge !== null && attribute(merge, 'val') !== 'restart' && above !== undefined) above.rows += 1
      else {
        const own = { text: cellText(cell), columns, rows: 1 }
        cells.push(own)
        if (merge === null) open.delete(column)
        else open.set(column, own)
      }
      column += columns
    }
    return cells
  })
}

/** Columns that a row leaves out at its start. Returns the column of its first cell. */
function gapBefore(row: XmlElement, onGap: (columns: number) => void): number {
  const columns = Number(valueAt(row, 'trPr', 'gridBefore') ?? 0) || 0
  if (columns > 0) onGap(columns)
  return Math.max(columns, 0)
}

function rowsOf(table: XmlElement): XmlElement[] {
  return within(table, 'tr').filter((row) => childAt(row, 'trPr', 'del') === null)
}

const cellsOf = (row: XmlElement) => within(row, 'tc')

function within(parent: XmlElement, name: string): XmlElement[] {
  return childElements(parent).flatMap((child) => {
    if (child.name === name) return [child]
    return wrappers.has(child.name) ? within(child, name) : []
  })
}

function valueAt(parent: XmlElement, ...path: string[]): string | null {
  const found = childAt(parent, ...path)
  return found === null ? null : attribute(found, 'val')
}
