import Papa from 'papaparse'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { oneLine } from './clean-text.js'
import { decodeText } from './decode.js'
import { filledCells, headerIndex } from './table-header.js'

const rowsBeforeHeader = 50
const rowsPerBlock = 20

/** Comma, semicolon, tab or bar separated values: the header row is repeated in every block of rows. */
export function csvParser(): Parser {
  return { mediaTypes: ['text/csv'], parse: async (bytes) => readCsv(decodeText(bytes).text) }
}

function readCsv(source: string): ParsedFile {
  const { text, delimiter } = withoutDeclaration(source.replace(/^\uFEFF/, ''))
  const list = blockList()
  const rows = rowCollector(list)
  const unclosedAt = readRows(text, { delimiter, rows })
  rows.finish()
  return {
    title: null,
    mediaType: 'text/csv',
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: unclosedAt === null ? [] : [`row ${unclosedAt} has a quote that is not closed: it was read as it stands`],
    metadata: {},
  }
}

/** Excel writes `sep=;` into the first line, for itself. */
function withoutDeclaration(text: string): { text: string; delimiter: string | null } {
  const declared = /^"?sep=(.)"?\r?\n/i.exec(text)
  return declared === null
    ? { text, delimiter: null }
    : { text: text.slice(declared[0].length), delimiter: declared[1] ?? null }
}

interface RowCollector {
  add(row: string[]): void
  finish(): void
  readonly count: number
}

/**
 * Reads row by row: a large table is not held twice.
 * @returns the row whose quote is not closed, counted from 1, or null: from there on quotes are taken for text
 */
function readRows(text: string, { delimiter, rows }: { delimiter: string | null; rows: RowCollector }): number | null {
  const separator = delimiter ?? likelyDelimiter(text)
  let [end, unclosed] = [0, false]
  Papa.parse<string[]>(text, {
    header: false,
    skipEmptyLines: 'greedy',
    delimiter: separator,
    step: ({ data, errors, meta }, parser) => {
      unclosed = errors.some(({ code }) => code === 'MissingQuotes')
      if (unclosed) {
        parser.abort()
        return
      }
      end = meta.cursor
      if (Array.isArray(data) && data.length > 0) rows.add(data)
    },
  })
  if (!unclosed) return null
  const row = rows.count + 1
  for (const line of text.slice(end).split(/\r\n|\r|\n/)) {
    if (line.trim() !== '') rows.add(line.split(separator))
  }
  return row
}

const delimiters = [',', '\t', ';', '|']
const sampledCharacters = 200_000

/** The separator that gives the most rows of one width, more columns deciding between equals. */
function likelyDelimiter(text: string): string {
  const sample = text.slice(0, sampledCharacters)
  const scored = delimiters.map((delimiter) => {
    const { data } = Papa.parse<string[]>(sample, { delimiter, preview: rowsBeforeHeader, skipEmptyLines: 'greedy' })
    const widths = new Map<number, number>()
    for (const row of data) if (row.length > 1) widths.set(row.length, (widths.get(row.length) ?? 0) + 1)
    const [width, count] = [...widths].sort((one, other) => other[1] - one[1] || other[0] - one[0])[0] ?? [1, 0]
    return { delimiter, share: count / Math.max(1, data.length), width }
  })
  const best = scored.sort((one, other) => other.share - one.share || other.width - one.width)[0]
  return best === undefined || best.width === 1 ? ',' : best.delimiter
}

/** Puts rows into blocks as they come: what stands above the header is a title, the header goes before each block. */
function rowCollector(list: BlockList): RowCollector {
  let first: string[][] | null = []
  let header: string[] | null = null
  let pending: string[][] = []
  let [count, hasBody] = [0, false]
  const flush = () => {
    if (pending.length === 0) return
    hasBody = true
    list.table(header === null ? pending : [header, ...pending], { hasHeader: header !== null })
    pending = []
  }
  const begin = () => {
    const rows = first ?? []
    first = null
    const index = headerIndex(rows)
    for (const row of rows.slice(0, Math.max(index, 0))) list.add('paragraph', filledCells(row).map(oneLine).join(' '))
    header = index === -1 ? null : (rows[index] ?? null)
    for (const row of rows.slice(index + 1)) put(row)
  }
  const put = (row: string[]) => {
    pending.push(row)
    if (pending.length >= rowsPerBlock) flush()
  }
  return {
    get count() {
      return count
    },
    add(row) {
      count += 1
      if (first === null) put(row)
      else if (first.push(row) >= rowsBeforeHeader) begin()
    },
    finish() {
      if (first !== null) begin()
      if (header !== null && pending.length === 0 && !hasBody) list.table([header])
      flush()
    },
  }
}
