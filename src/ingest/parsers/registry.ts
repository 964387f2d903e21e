import type { Parser } from '../../core/ports.js'
import { csvParser } from './csv.js'
import { docxParser } from './docx.js'
import { htmlParser } from './html.js'
import { markdownParser } from './markdown.js'
import { pdfParser } from './pdf.js'
import { plainTextParser } from './plain-text.js'

const parsers: readonly Parser[] = [
  pdfParser(),
  docxParser(),
  markdownParser(),
  htmlParser(),
  csvParser(),
  plainTextParser(),
]

/** What a message to a user says can be read. */
export const supportedFormats = 'PDF, Word (.docx), Markdown, web pages (.html), CSV and plain text'

/** The parser of a media type, or null where there is none. */
export function parserFor(mediaType: string): Parser | null {
  return parsers.find((parser) => parser.mediaTypes.includes(mediaType)) ?? null
}
