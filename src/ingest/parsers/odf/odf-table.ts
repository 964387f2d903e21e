import type { SlideBlock } from '../pptx/slide.js'
import { gridRows, headerDepth, type SpanningCell, spanGrid } from '../span-grid.js'
import { attribute, childElements, type XmlElement } from '../xml.js'
import { inlineText, type OdfContext } from './odf-inline.js'

const mostColumns = 400
const mostRows = 10_000
const mostRepeatedRows = 1000

/** A table's rows. A row or cell that the file writes once for several is repeated; of empty ones one is enough. */
export function odfTable(table: XmlElement, context: OdfContext): SlideBlock {
  const head = childElements(table, 'table-header-rows').flatMap((group) => rowsOf(group, context))
  const grid = spanGrid([...head, ...rowsOf(table, context)].slice(0, mostRows))
  const headerRows = head.length > 0 ? Math.min(head.length, grid.length) : 0
  // Few files mark their header; a first row that spans its columns shows that it is one.
  const depth = headerRows === 0 && headerDepth(grid) === 2 ? 2 : headerRows
  return { kind: 'table', rows: gridRows(grid, { headerRows: depth }), hasHeader: depth > 0 || grid.length > 1 }
}

function rowsOf(group: XmlElement, context: OdfContext): SpanningCell[][] {
  return childElements(group).flatMap((child) => {
    if (child.name === 'table-rows' || child.name === 'table-row-group') return rowsOf(child, context)
    if (child.name !== 'table-row') return []
    const cells = cellsOf(child, context)
    const isEmpty = cells.every((cell) => cell.text.trim() === '')
    const times = isEmpty ? 1 : repeats(child, 'number-rows-repeated', mostRepeatedRows)
    return Array.from({ length: times }, () => cells)
  })
}

function cellsOf(row: XmlElement, context: OdfContext): SpanningCell[] {
  return childElements(row, 'table-cell').flatMap((cell) => {
    const paragraphs = childElements(cell).map((child) => inlineText(child, context).trim())
    const spanning: SpanningCell = {
      text: paragraphs.filter((text) => text !== '').join(' '),
      columns: Number(attribute(cell, 'number-columns-spanned') ?? 1),
      rows: Number(attribute(cell, 'number-rows-spanned') ?? 1),
    }
    return Array.from({ length: repeats(cell, 'number-columns-repeated', mostColumns) }, () => spanning)
  })
}

function repeats(element: XmlElement, name: string, most: number): number {
  const times = Number(attribute(element, name) ?? 1)
  return Number.isInteger(times) ? Math.min(Math.max(times, 1), most) : 1
}
