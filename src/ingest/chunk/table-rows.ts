import type { Block, PlacedBlock } from '../../core/types.js'
import { headerIndex } from '../parsers/table-header.js'

/** What the rows of a table share. */
export interface TableFrame {
  /** The first row. */
  header: string
  /** The names of the columns; null when the first row does not name them, and for a single column. */
  names: readonly string[] | null
  /** What stands above the table to say what it is. */
  caption: string | null
}

/** A table row, or a piece of one. */
export interface TableRow {
  table: TableFrame
  /** The names that are written before its cells; null when it is written as it is. */
  names: readonly string[] | null
  /** The column of its first cell, counts from 0. */
  column: number
  isHeader: boolean
  /** Whether its first cell goes on from the piece before it: the name of the column stands there already. */
  isBegun?: boolean
}

/** Rows that are looked at to tell whether the first one names the columns. */
const rowsSeen = 11
const mostCaptions = 3
const ofFigure = /^附?(?:图|fig)/i

/**
 * The frame of the table block at `index`. A table that goes on from the block before it, with the same header, has the
 * same caption.
 * @param previous the frame of the block before, when that is a table
 */
export function tableFrame(
  blocks: readonly PlacedBlock[],
  index: number,
  previous: TableFrame | null,
): TableFrame | null {
  const block = blocks[index]
  if (block?.kind !== 'table') return null
  const lines = firstLines(block.text)
  const header = lines[0] ?? ''
  if (previous !== null && previous.header === header) return previous
  return { header, names: columnNames(lines.map(cellsOf)), caption: captionAbove(blocks, index) }
}

/** Only names of several columns: before each entry of a list its name would be noise. */
function columnNames(rows: readonly string[][]): string[] | null {
  const [first] = rows
  return first !== undefined && first.length > 1 && headerIndex(rows) === 0 ? first : null
}

/** Whether a block only says what the next one is: a caption that stands above its table. */
export function isTableCaption(block: Block, next: Block | undefined): boolean {
  if (block.kind !== 'caption' || ofFigure.test(block.text)) return false
  return next?.kind === 'table' || next?.kind === 'caption'
}

function captionAbove(blocks: readonly PlacedBlock[], index: number): string | null {
  const captions: string[] = []
  for (let at = index - 1; at >= 0 && captions.length < mostCaptions; at -= 1) {
    const block = blocks[at]
    if (block === undefined || !isTableCaption(block, blocks[at + 1])) break
    captions.unshift(block.text.trim())
  }
  return captions.length === 0 ? null : captions.join(' ')
}

function firstLines(text: string): string[] {
  const lines: string[] = []
  for (let start = 0; start < text.length && lines.length < rowsSeen; ) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end === -1 ? text.length : end).trim()
    if (line !== '') lines.push(line)
    start = end === -1 ? text.length : end + 1
  }
  return lines
}

/** The cells of a row's text; an empty one may have lost the space beside its bar. */
export function cellsOf(row: string): string[] {
  return row.split(/(?:^| )\|(?: |$)/).map((cell) => cell.trim())
}

/**
 * A row as it is embedded: each cell behind the name of its column, so that it can be understood alone. The header row
 * is nothing of its own then.
 */
export function writtenRow(text: string, { names, column, isHeader, isBegun }: TableRow): string {
  if (names === null) return text
  if (isHeader) return ''
  return cellsOf(text)
    .flatMap((cell, index) => {
      const name = isBegun && index === 0 ? '' : (names[column + index] ?? '')
      if (cell === '') return []
      return [name === '' ? cell : `${name}: ${cell}`]
    })
    .join(' | ')
}
