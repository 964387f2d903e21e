import { type CellObject, type FullProperties, read, set_cptable, type WorkBook, type WorkSheet } from '@e965/xlsx'
import { InkstoneError } from '../../../core/errors.js'
import { oneLine } from '../clean-text.js'
import type { CellRange, SheetRow } from './sheet-grid.js'

export interface Sheet {
  name: string
  isHidden: boolean
  /** A sheet that consists of one chart. */
  isDrawing: boolean
  /** Null where the sheet is damaged, and for charts and macros. */
  content: { rows: SheetRow[]; merges: CellRange[] } | null
}

export interface Workbook {
  sheets: Sheet[]
  title: string | null
  metadata: Record<string, string>
}

/** Excel shows whole numbers from this on as 6.90123E+12: an article or account number that nobody could look up. */
const shownAsPower = 1e11
/** Excel writes a date of the default format in the order of the reader's country, which the file does not know. */
const defaultDate = 'yyyy-mm-dd'
/** WPS keeps a picture inside a cell as a formula. */
const pictureFormula = /^=?(?:_xlfn\.)?DISPIMG\(/i
const unmerged: ReadonlySet<number> = new Set()

/**
 * Reads a workbook (XLSX, XLSM, XLS, ODS): every cell's text as it is shown, formulas as their saved results.
 * @throws InkstoneError `password_required`, `file_corrupt`
 */
export async function readWorkbook(bytes: Uint8Array): Promise<Workbook> {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  const isCompound = start === 'd0cf11e0a1b11ae1'
  // The library would take anything else for one of a dozen older formats, or for plain text.
  if (!isCompound && !start.startsWith('504b0304')) throw corrupt(new Error('neither an archive nor a compound file'))
  // Old workbooks keep texts in the code page of their country. The tables are large: newer ones do without.
  if (isCompound) set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'))
  try {
    const book = read(bytes, {
      type: 'buffer',
      dense: true,
      cellHTML: false,
      cellFormula: false,
      dateNF: defaultDate,
    })
    return {
      sheets: book.SheetNames.map((name, index) => takeSheet(book, { name, index })),
      title: property(book.Props?.Title),
      metadata: metadataOf(book.Props ?? {}),
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw /password|encrypt/i.test(message) ? locked(cause) : corrupt(cause)
  }
}

/** Takes a sheet out of the book, which lets go of it: a large workbook is not held twice. */
function takeSheet(book: WorkBook, { name, index }: { name: string; index: number }): Sheet {
  const sheet = book.Sheets[name]
  delete book.Sheets[name]
  const isHidden = (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0
  const isTable = sheet !== undefined && (sheet['!type'] ?? 'sheet') === 'sheet'
  return {
    name: oneLine(name),
    isHidden,
    isDrawing: sheet?.['!type'] === 'chart',
    content: isTable ? { rows: rowsOf(sheet), merges: mergesOf(sheet) } : null,
  }
}

/** Only the cells that are there are looked at: the range that a sheet claims to fill may be a million empty rows. */
function rowsOf(sheet: WorkSheet): SheetRow[] {
  const rows: SheetRow[] = []
  const data: ((CellObject | undefined)[] | undefined)[] = sheet['!data'] ?? []
  data.forEach((row, index) => {
    // The library's cells take ten times the room of their text: each row is let go of once it is read.
    data[index] = undefined
    const cells = Array.from(row ?? [], (cell) => (cell === undefined ? '' : cellText(cell)))
    const width = cells.findLastIndex((text) => text !== '') + 1
    if (width > 0) rows.push({ index, cells: cells.slice(0, width), copied: unmerged })
  })
  return rows
}

function cellText({ t, v, w }: CellObject): string {
  const shown = w ?? (v === undefined || v === null ? '' : String(v))
  const isLongNumber = t === 'n' && typeof v === 'number' && Number.isSafeInteger(v) && Math.abs(v) >= shownAsPower
  if (isLongNumber && /^-?\d(?:\.\d+)?E\+\d+$/.test(shown)) return String(v)
  return pictureFormula.test(shown) ? '' : oneLine(shown)
}

function mergesOf(sheet: WorkSheet): CellRange[] {
  const merges = sheet['!merges'] ?? []
  return merges.map(({ s, e }) => ({ top: s.r, left: s.c, bottom: e.r, right: e.c }))
}

function metadataOf(properties: FullProperties): Record<string, string> {
  const found: [string, string | null][] = [
    ['author', property(properties.Author)],
    ['company', property(properties.Company)],
    ['subject', property(properties.Subject)],
    ['category', property(properties.Category)],
    ['keywords', property(properties.Keywords)],
    ['description', property(properties.Comments)],
  ]
  return Object.fromEntries(found.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
}

function property(value: unknown): string | null {
  const text = typeof value === 'string' ? oneLine(value) : ''
  return text === '' ? null : text
}

function locked(cause: unknown): InkstoneError {
  return new InkstoneError('password_required', 'the workbook is locked with a password', {
    remedy: 'open it, remove the password, save it and add it again',
    cause,
  })
}

function corrupt(cause: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', 'the workbook is damaged: it cannot be read', {
    remedy: 'open it in its program and save it again',
    cause,
  })
}
