import Papa from 'papaparse'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { blockList } from './block-list.js'
import { cleanText, oneLine } from './clean-text.js'
import { decodeText } from './decode.js'

const searchedForHeader = 10

/** Comma, semicolon, tab or bar separated values: the header row is repeated in every block of rows. */
export function csvParser(): Parser {
  return { mediaTypes: ['text/csv'], parse: async (bytes) => readCsv(decodeText(bytes).text) }
}

function readCsv(source: string): ParsedFile {
  const { data, errors } = Papa.parse<string[]>(cleanText(source), {
    header: false,
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', '\t', ';', '|'],
  })
  const list = blockList()
  const start = headerIndex(data)
  for (const row of data.slice(0, Math.max(start, 0))) list.add('paragraph', filled(row).map(oneLine).join(' '))
  list.table(data.slice(Math.max(start, 0)), { hasHeader: start !== -1 })
  const unclosed = errors.find((error) => error.type === 'Quotes')
  const warnings = unclosed === undefined ? [] : [`row ${(unclosed.row ?? 0) + 1} has a quote that is not closed`]
  return { title: null, mediaType: 'text/csv', pageCount: null, blocks: list.blocks, warnings, metadata: {} }
}

/**
 * The first row that names its columns: as many filled cells as the widest row (a nameless index column aside), none of
 * them a number. Rows above it are the table's title. -1 when the table has no header.
 */
function headerIndex(rows: readonly string[][]): number {
  const first = rows.slice(0, searchedForHeader)
  const width = first.reduce((widest, row) => Math.max(widest, filled(row).length), 0)
  const index = first.findIndex((row) => filled(row).length >= Math.max(1, width - (width > 2 ? 1 : 0)))
  const candidate = first[index]
  if (candidate === undefined || rows.length < 2) return -1
  return filled(candidate).some((cell) => /^[-+]?[\d.,]+%?$/.test(cell.trim())) ? -1 : index
}

function filled(row: readonly string[]): string[] {
  return row.filter((cell) => cell.trim() !== '')
}
