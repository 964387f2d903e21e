import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { openZipEntries } from '../archive/zip-entries.js'
import { blockList } from '../block-list.js'
import { addFlow, type PlacedPicture } from '../flow-block.js'
import { type LossList, lossList } from '../losses.js'
import { type OdsParts, odsParts } from '../odf/ods-parts.js'
import { pictureTray } from '../picture-tray.js'
import { type CellBudget, fillCells, sheetRows } from './sheet-grid.js'
import { sheetParts } from './sheet-tables.js'
import { workbookParts } from './spreadsheet-parts.js'
import { readWorkbook, type Sheet } from './spreadsheet-source.js'

export const spreadsheetMediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xlsm: 'application/vnd.ms-excel.sheet.macroenabled.12',
  xls: 'application/vnd.ms-excel',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const

export type SpreadsheetFormat = keyof typeof spreadsheetMediaTypes

/** A sheet unpacks to this at the most: what the gate against archive bombs lets through in all. */
const largestPart = 200 * 1024 * 1024
const mostSheetsNamed = 5

/**
 * Excel and OpenDocument workbooks: each sheet is a section, its tables repeat their header row in every block of rows;
 * then its pictures, charts, text boxes and comments. Rows that are filtered away are read, hidden sheets are not. The
 * caller has let the archive through.
 * @param maxCells more cells than this, a merged one counted as often as it is repeated, are refused (`parse_failed`)
 */
export function spreadsheetParser(
  format: SpreadsheetFormat,
  { maxCells = 2_500_000 }: { maxCells?: number } = {},
): Parser {
  const mediaType = spreadsheetMediaTypes[format]
  return {
    mediaTypes: [mediaType],
    parse: (bytes, context) => readBook(bytes, { format, mediaType, maxCells, context }),
  }
}

interface Reading {
  format: SpreadsheetFormat
  mediaType: string
  maxCells: number
  context: ParseContext
}

async function readBook(bytes: Uint8Array, { format, mediaType, maxCells, context }: Reading): Promise<ParsedFile> {
  const losses = lossList()
  const archive = isArchive(bytes) ? await openZipEntries(bytes, { maxBytes: largestPart }) : null
  const hasParts = archive !== null && format !== 'ods'
  // Before anything is read: whether there is too much of it.
  const parts = hasParts ? await orLoss(workbookParts(archive, { losses, maxCells }), losses) : null
  const { sheets, title, metadata } = await readWorkbook(bytes)
  const ods = archive !== null && format === 'ods' ? await orLoss(odsParts(archive, { losses }), losses) : null
  const { hidden, extras, texts } = ods ?? none
  for (const [index, sheet] of sheets.entries()) fillCells(sheet.content?.rows ?? [], texts.get(index) ?? [])
  if (archive === null) notePicturesOfOld(bytes, losses)
  noteUnread(sheets, { losses, hidden })
  const list = blockList()
  const budget: CellBudget = { left: maxCells, limit: maxCells }
  const pictures: PlacedPicture[] = []
  for (const [index, sheet] of sheets.entries()) {
    const rows = sheet.content?.rows.length ?? 0
    const beside = (parts ?? extras).get(index) ?? []
    if (sheet.isHidden || hidden.has(index) || rows + beside.length === 0) continue
    list.heading(sheet.name, { level: 1 })
    const { merges = [], rows: filled = [] } = sheet.content ?? {}
    // What has been read is let go of: a large workbook is not held twice.
    sheet.content = null
    for (const part of sheetParts(sheetRows(filled, { merges, budget }))) {
      if (part.kind === 'table') list.table(part.rows, { hasHeader: part.hasHeader })
      else list.add(part.kind, part.text)
    }
    pictures.push(...addFlow(list, beside))
  }
  const tray = pictureTray({ scratchDir: context.scratchDir, losses })
  for (const { target, place } of pictures) {
    const picture = target === null || archive === null ? null : await archive.read(target)
    await tray.add({ name: target ?? '', bytes: picture }, place)
  }
  return {
    title,
    mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: [],
    metadata,
  }
}

/** The cells can be read where what is beside them is damaged. */
async function orLoss<T>(reading: Promise<T>, losses: LossList): Promise<T | null> {
  try {
    return await reading
  } catch (thrown) {
    if (!(thrown instanceof InkstoneError) || thrown.code !== 'file_corrupt') throw thrown
    losses.add('object', 'parts of the file that are damaged')
    return null
  }
}

const none: OdsParts = { hidden: new Set(), extras: new Map(), texts: new Map() }

const isArchive = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PK\u0003\u0004'

/** How a PNG begins, and the marker that names a JPEG as such. */
const pictureStarts = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ffe000104a464946', 'hex')]

/** Old workbooks (.xls) cut their pictures into records: they are counted, not read. */
function notePicturesOfOld(bytes: Uint8Array, losses: LossList): void {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const start of pictureStarts) {
    for (let at = data.indexOf(start); at !== -1; at = data.indexOf(start, at + 1)) {
      losses.add('image', 'pictures in a workbook of the old format: save it as .xlsx to have them read')
    }
  }
}

function noteUnread(
  sheets: readonly Sheet[],
  { losses, hidden }: { losses: LossList; hidden: ReadonlySet<number> },
): void {
  const isHidden = (sheet: Sheet, index: number) => sheet.isHidden || hidden.has(index)
  const unseen = sheets.filter((sheet, index) => isHidden(sheet, index) && (sheet.content?.rows.length ?? 0) > 0)
  const damaged = sheets.filter((sheet, index) => !isHidden(sheet, index) && sheet.content === null && !sheet.isDrawing)
  for (const _ of unseen) losses.add('text', `hidden sheets are not read: ${nameSheets(unseen)}`)
  for (const _ of damaged) losses.add('text', `sheets without cells that can be read: ${nameSheets(damaged)}`)
}

function nameSheets(sheets: readonly Sheet[]): string {
  const names = sheets.slice(0, mostSheetsNamed).map(({ name }) => `"${name}"`)
  return [...names, ...(sheets.length > names.length ? [`${sheets.length - names.length} more`] : [])].join(', ')
}
