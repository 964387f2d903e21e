import { filledCells, headerIndex, isNumeric, joinHeader, namesColumns } from '../table-header.js'
import type { SheetRow } from './sheet-grid.js'
import { sheetRegions } from './sheet-regions.js'

export type SheetPart =
  | { kind: 'caption' | 'paragraph'; text: string }
  | { kind: 'table'; rows: string[][]; hasHeader: boolean }

/** A column of longer texts is prose, one of shorter ones a list. */
const proseCharacters = 40

/**
 * The tables of a sheet with what is written above and between them. Rows of one cell above a table are its caption;
 * header rows that stand above each other are joined, also where an empty row parts them from their figures. Figures
 * without a header, parted by an empty row from a table, stand under its header.
 */
export function sheetParts(rows: readonly SheetRow[]): SheetPart[] {
  let parts: SheetPart[] = []
  let header: string[] = []
  let waiting: SheetRow[] = []
  const giveUpWaiting = () => {
    if (waiting.length > 0) parts.push({ kind: 'table', rows: waiting.map(tableRow), hasHeader: false })
    waiting = []
  }
  for (const region of sheetRegions(rows)) {
    const start = region.findIndex((row) => ownCells(row) > 1)
    const body = start === -1 ? [] : region.slice(start)
    const joined = joinHeader(waiting.map((row) => row.cells))
    if (start === 0 && isHeaderOnly(body)) {
      const headerRows = body.filter((row, at) => at === body.length - 1 || isMergedAcross(row))
      parts = parts.concat(aboveHeader(body.slice(0, body.length - headerRows.length)))
      waiting = waiting.concat(headerRows)
    } else if (start === 0 && waiting.length > 0 && stands(body, joined)) {
      parts.push({ kind: 'table', rows: [joined, ...body.map(tableRow)], hasHeader: true })
      header = joined
      waiting = []
    } else {
      giveUpWaiting()
      if (start === -1) parts = parts.concat(column(region))
      else {
        parts = parts.concat(captions(region.slice(0, start)))
        const table = readTable(body, header)
        parts.push(...table.parts)
        header = table.header
      }
    }
  }
  giveUpWaiting()
  return parts
}

function readTable(rows: readonly SheetRow[], headerAbove: string[]): { parts: SheetPart[]; header: string[] } {
  const index = headerIndex(rows.map((row) => row.cells))
  if (index === -1) {
    const isContinued = stands(rows, headerAbove)
    const body = rows.map(tableRow)
    const all = isContinued ? [headerAbove, ...body] : body
    return { parts: [{ kind: 'table', rows: all, hasHeader: isContinued }], header: headerAbove }
  }
  let [first, last] = [index, index]
  while (first > 0 && isMergedAcross(rows[first - 1])) first -= 1
  while (isMergedAcross(rows[last]) && namesSubcolumns(rows, last + 1)) last += 1
  const header = joinHeader(rows.slice(first, last + 1).map((row) => row.cells))
  return {
    parts: [
      ...aboveHeader(rows.slice(0, first)),
      { kind: 'table', rows: [header, ...rows.slice(last + 1).map(tableRow)], hasHeader: true },
    ],
    header,
  }
}

/** A row of names with nothing below it, or two of which the upper one is merged or stands over some columns only. */
function isHeaderOnly(rows: readonly SheetRow[]): boolean {
  const [upper, lower] = rows
  if (upper === undefined || rows.length > 2) return false
  const isOverSome = lower === undefined || filledCells(upper.cells).length < filledCells(lower.cells).length
  return (isOverSome || isMergedAcross(upper)) && rows.every((row) => namesColumns(row.cells, []))
}

/** One or two rows such as a unit and a date are the table's caption, more of them a form of their own. */
function aboveHeader(rows: readonly SheetRow[]): SheetPart[] {
  if (rows.length > 2) return [{ kind: 'table', rows: rows.map(tableRow), hasHeader: false }]
  return rows.map((row) => captionOf([...new Set(filledCells(row.cells))].join(' ')))
}

/** Whether rows of figures stand under a header: every column but the first has its name there. */
function stands(rows: readonly SheetRow[], header: readonly string[]): boolean {
  const labels = rows.reduce(
    (left, row) =>
      Math.min(
        left,
        row.cells.findIndex((cell) => cell !== ''),
      ),
    width(rows),
  )
  const hasName = (cell: string, at: number) => cell === '' || at === labels || (header[at] ?? '') !== ''
  const hasFigures = rows.some((row) => row.cells.some(isNumeric))
  return hasFigures && rows.every((row) => row.cells.every(hasName)) && headerIndex(rows.map((row) => row.cells)) === -1
}

function width(rows: readonly SheetRow[]): number {
  return rows.reduce((widest, row) => Math.max(widest, row.cells.length), 0)
}

function isMergedAcross(row: SheetRow | undefined): boolean {
  return row !== undefined && ownCells(row) < filledCells(row.cells).length && ownCells(row) > 1
}

function namesSubcolumns(rows: readonly SheetRow[], at: number): boolean {
  const [above, row, below] = [rows[at - 1], rows[at], rows[at + 1]]
  if (above === undefined || row === undefined || below === undefined) return false
  const isFull = filledCells(row.cells).length >= filledCells(above.cells).length - 1
  return isFull && namesColumns(row.cells, below.cells)
}

/** A row that is one cell merged across the table is written once. */
function tableRow(row: SheetRow): string[] {
  return ownCells(row) === 1 ? row.cells.map((cell, at) => (row.copied.has(at) ? '' : cell)) : row.cells
}

/** Rows of one cell each, without a table: prose, or a list of short entries under its name. */
function column(rows: readonly SheetRow[]): SheetPart[] {
  const texts = textsOf(rows)
  const characters = texts.reduce((total, text) => total + text.length, 0)
  if (texts.length < 3 || characters / texts.length > proseCharacters) {
    return texts.map((text) => ({ kind: 'paragraph', text }))
  }
  const cells = texts.map((text) => [text])
  return [{ kind: 'table', rows: cells, hasHeader: headerIndex(cells) === 0 }]
}

function captions(rows: readonly SheetRow[]): SheetPart[] {
  return textsOf(rows).map(captionOf)
}

function captionOf(text: string): SheetPart {
  return { kind: text.length > 2 * proseCharacters ? 'paragraph' : 'caption', text }
}

/** The text of each row of one cell; a cell merged over several rows counts once. */
function textsOf(rows: readonly SheetRow[]): string[] {
  return rows
    .map((row) => filledCells(row.cells)[0] ?? '')
    .filter((text, at, texts) => text !== texts[at - 1] || (rows[at]?.copied.size ?? 0) === 0)
}

function ownCells(row: SheetRow): number {
  return row.cells.reduce((count, cell, at) => count + (cell === '' || row.copied.has(at) ? 0 : 1), 0)
}
