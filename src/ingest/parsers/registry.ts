import type { Parser } from '../../core/ports.js'
import { tarParser } from './archive/tar.js'
import { zipParser } from './archive/zip.js'
import { csvParser } from './csv.js'
import { docxParser } from './docx/docx.js'
import { epubParser } from './epub.js'
import { htmlParser } from './html/html.js'
import { imageParser } from './image.js'
import { jsonParser } from './json.js'
import { legacyOfficeParsers } from './legacy-office.js'
import { emlParser } from './mail/eml.js'
import { msgParser } from './mail/msg.js'
import { markdownParser } from './markdown.js'
import { odfParser } from './odf/odf.js'
import { orgParser } from './org.js'
import { pdfParser } from './pdf/pdf.js'
import { plainTextParser } from './plain-text.js'
import { pptxParser } from './pptx/pptx.js'
import { refusedFormatParsers } from './refused-formats.js'
import { rtfParser } from './rtf/rtf.js'
import { spreadsheetParser } from './sheet/spreadsheet.js'
import { sourceTextParser } from './source-text.js'
import { xmlParser } from './xml-document.js'

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
  rtfParser(),
  ...legacyOfficeParsers({ docx: docxParser(), pptx: pptxParser() }),
  emlParser(),
  msgParser(),
  zipParser(),
  tarParser(),
  imageParser(),
  markdownParser(),
  htmlParser(),
  csvParser(),
  xmlParser(),
  orgParser(),
  jsonParser(),
  sourceTextParser(),
  plainTextParser(),
  ...refusedFormatParsers(),
]

/** What a message to a user says can be read. */
export const supportedFormats =
  'PDF, Word (.docx, .doc), PowerPoint (.pptx, .ppt), Excel (.xlsx, .xlsm, .xls), OpenDocument (.odt, .odp, .ods), rich text (.rtf), e-books (.epub), e-mail (.eml, .msg), archives (.zip, .tar, .tar.gz), pictures (.png, .jpg, .tiff, .webp, .gif, .bmp), Markdown, Org, web pages (.html), CSV, XML, JSON and plain text'

/** The parser of a media type, or null where there is none. */
export function parserFor(mediaType: string): Parser | null {
  return parsers.find((parser) => parser.mediaTypes.includes(mediaType)) ?? null
}
