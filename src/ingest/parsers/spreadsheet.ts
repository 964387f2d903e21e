import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { blockList } from './block-list.js'
import { type CellBudget, sheetRows } from './sheet-grid.js'
import { sheetParts } from './sheet-tables.js'
import { readWorkbook, type Sheet, type Workbook } from './spreadsheet-source.js'

export const spreadsheetMediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xlsm: 'application/vnd.ms-excel.sheet.macroenabled.12',
  xls: 'application/vnd.ms-excel',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const

export type SpreadsheetFormat = keyof typeof spreadsheetMediaTypes

const mostSheetsNamed = 5

/**
 * Excel and OpenDocument workbooks: each sheet is a section, its tables repeat their header row in every block of rows.
 * The caller has let the archive through.
 * @param maxCells more cells than this, a merged one counted as often as it is repeated, are refused (`parse_failed`)
 */
export function spreadsheetParser(
  format: SpreadsheetFormat,
  { maxCells = 5_000_000 }: { maxCells?: number } = {},
): Parser {
  const mediaType = spreadsheetMediaTypes[format]
  return {
    mediaTypes: [mediaType],
    parse: async (bytes) => toParsedFile(await readWorkbook(bytes), { mediaType, maxCells }),
  }
}

function toParsedFile(book: Workbook, { mediaType, maxCells }: { mediaType: string; maxCells: number }): ParsedFile {
  const list = blockList()
  const budget: CellBudget = { left: maxCells, limit: maxCells }
  for (const { name, isHidden, content } of book.sheets) {
    if (isHidden || content === null || content.rows.length === 0) continue
    list.heading(name, { level: 1 })
    for (const part of sheetParts(sheetRows(content.rows, { merges: content.merges, budget }))) {
      if (part.kind === 'table') list.table(part.rows, { hasHeader: part.hasHeader })
      else list.add(part.kind, part.text)
    }
  }
  const { title, metadata } = book
  return { title, mediaType, pageCount: null, blocks: list.blocks, warnings: warningsOf(book), metadata }
}

function warningsOf({ sheets, pictures, formulasWithoutResult }: Workbook): string[] {
  const hidden = sheets.filter((sheet) => sheet.isHidden && sheet.content !== null && sheet.content.rows.length > 0)
  const damaged = sheets.filter((sheet) => !sheet.isHidden && sheet.content === null)
  return [
    ...(hidden.length > 0 ? [`hidden sheets were not read: ${nameSheets(hidden)}`] : []),
    ...(damaged.length > 0 ? [`sheets without cells that can be read: ${nameSheets(damaged)}`] : []),
    ...(pictures > 0 ? [`text inside ${pictures} ${pictures === 1 ? 'picture' : 'pictures'} was not read`] : []),
    ...(formulasWithoutResult > 0
      ? [
          `the results of ${formulasWithoutResult} formulas are not in the file: open it in its program and save it again to have them read`,
        ]
      : []),
  ]
}

function nameSheets(sheets: readonly Sheet[]): string {
  const names = sheets.slice(0, mostSheetsNamed).map(({ name }) => `"${name}"`)
  return [...names, ...(sheets.length > names.length ? [`${sheets.length - names.length} more`] : [])].join(', ')
}
