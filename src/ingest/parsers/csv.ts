import Papa from 'papaparse'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { blockList } from './block-list.js'
import { cleanText, oneLine } from './clean-text.js'
import { decodeText } from './decode.js'
import { filledCells, headerIndex } from './table-header.js'

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
  for (const row of data.slice(0, Math.max(start, 0))) list.add('paragraph', filledCells(row).map(oneLine).join(' '))
  list.table(data.slice(Math.max(start, 0)), { hasHeader: start !== -1 })
  const unclosed = errors.find((error) => error.type === 'Quotes')
  const warnings = unclosed === undefined ? [] : [`row ${(unclosed.row ?? 0) + 1} has a quote that is not closed`]
  return { title: null, mediaType: 'text/csv', pageCount: null, blocks: list.blocks, warnings, metadata: {} }
}
