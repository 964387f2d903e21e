import type { Parser } from '../../core/ports.js'
import { csvParser } from './csv.js'
import { docxParser } from './docx.js'
import { epubParser } from './epub.js'
import { htmlParser } from './html.js'
import { markdownParser } from './markdown.js'
import { odfParser } from './odf.js'
import { pdfParser } from './pdf.js'
import { plainTextParser } from './plain-text.js'
import { pptxParser } from './pptx.js'
import { spreadsheetParser } from './spreadsheet.js'

const parsers: readonly Parser[] = [
  pdfParser(),
  docxParser(),
  pptxParser(),
  odfParser(),
  epubParser(),
  spreadsheetParser('xlsx'),
  spreadsheetParser('xlsm'),
  spreadsheetParser('xls'),
  spreadsheetParser('ods'),
  markdownParser(),
  htmlParser(),
  csvParser(),
  plainTextParser(),
]

/** What a message to a user says can be read. */
export const supportedFormats =
  'PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx, .xlsm, .xls), OpenDocument (.odt, .odp, .ods), e-books (.epub), Markdown, web pages (.html), CSV and plain text'

/** The parser of a media type, or null where there is none. */
export function parserFor(mediaType: string): Parser | null {
  return parsers.find((parser) => parser.mediaTypes.includes(mediaType)) ?? null
}
