import type { Rectangle } from './bitmap.js'
import { columnsOf } from './text-columns.js'
import { joinLines, type TextLine } from './text-line.js'
import { type Row, rowsOf } from './text-rows.js'

export interface TextBlock {
  text: string
  /** The surroundings of its lines. */
  place: Rectangle
  lines: TextLine[]
}

const fewestTableRows = 3
/** A row so many times as far from the last as those before it is no longer of the table, such as a page's footer. */
const steadiness = 1.8
/** Of lines of one paragraph, in heights of their boxes: text with every other line left blank stays below. */
const widestLeading = 2.2
const bullet = /^(?:[•·●▪■◆○◦➢✓]|[*\-–—]\s)/u
const numbering =
  /^(?:\d{1,2}(?:\.\d{1,2})*[.、)）．\s]|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[零〇一二三四五六七八九十百千\d]{1,6}[条章节])/u
const endsSentence = /[。！？!?.：:；;”"）)]$/u

/**
 * Groups recognised lines to paragraphs in reading order, column by column. Lines of Chinese are joined without a space,
 * others with one. Rows whose cells stand below each other are one block with a line for each row, its cells joined by
 * ` | `. Each line is in exactly one block.
 */
export function textBlocksOf(lines: readonly TextLine[]): TextBlock[] {
  return columnsOf(lines).flatMap((region) => blocksOfRegion(rowsOf(region)))
}

function blocksOfRegion(rows: readonly Row[]): TextBlock[] {
  const blocks: TextBlock[] = []
  for (let index = 0; index < rows.length; ) {
    const table = tableAt(rows, index)
    const end = table.length >= fewestTableRows ? index + table.length : nextTable(rows, index)
    const part = rows.slice(index, end)
    blocks.push(...(table.length >= fewestTableRows ? [tableBlock(part)] : paragraphs(part)))
    index = end
  }
  return blocks
}

/** Where the next table starts behind `from`, or the end. */
function nextTable(rows: readonly Row[], from: number): number {
  for (let index = from + 1; index < rows.length; index += 1) {
    if (tableAt(rows, index).length >= fewestTableRows) return index
  }
  return rows.length
}

/** The rows from `start` on with as many cells as the first, each below the one above. */
function tableAt(rows: readonly Row[], start: number): Row[] {
  const first = rows[start]
  if (first === undefined || first.cells.length < 2) return []
  const columns = first.cells.map(({ left, right }) => ({ left, right }))
  const found = [first]
  let furthest = 0
  for (const row of rows.slice(start + 1)) {
    const widened = columns.map((column, index) => {
      const cell = row.cells[index] ?? column
      return { left: Math.min(column.left, cell.left), right: Math.max(column.right, cell.right) }
    })
    const areApart = widened.every(({ left }, index) => index === 0 || left > (widened[index - 1]?.right ?? 0))
    const overlap = columns.every(({ left, right }, index) => {
      const cell = row.cells[index]
      return cell !== undefined && cell.left < right && cell.right > left
    })
    const distance = row.y - (found.at(-1)?.y ?? row.y)
    const isFar = found.length > 1 && distance > furthest * steadiness
    if (row.cells.length !== columns.length || !areApart || !overlap || isFar) break
    found.push(row)
    furthest = Math.max(furthest, distance)
    columns.splice(0, columns.length, ...widened)
  }
  return found
}

function tableBlock(rows: readonly Row[]): TextBlock {
  return toBlock(rows.map((row) => row.cells.map(({ text }) => text).join(' | ')).join('\n'), rows)
}

function toBlock(text: string, rows: readonly Row[]): TextBlock {
  const lines = rows.flatMap((row) => row.lines)
  const x = Math.min(...lines.map(({ place }) => place.x))
  const y = Math.min(...lines.map(({ place }) => place.y))
  const right = Math.max(...lines.map(({ place }) => place.x + place.width))
  const bottom = Math.max(...lines.map(({ place }) => place.y + place.height))
  return { text, place: { x, y, width: right - x, height: bottom - y }, lines }
}

const textOf = (row: Row) => row.cells.map(({ text }) => text).join(' ')

function paragraphs(rows: readonly Row[]): TextBlock[] {
  const region = {
    // Not the outermost: a note in the margin would make every line look indented.
    left: quantile(
      rows.map((row) => row.left),
      0.25,
    ),
    right: quantile(
      rows.map((row) => row.right),
      0.75,
    ),
    leading: medianLeading(rows),
  }
  const groups: Row[][] = []
  for (const row of rows) {
    const open = groups.at(-1)
    const previous = open?.at(-1)
    if (open === undefined || previous === undefined || startsAnew(row, previous, region)) groups.push([row])
    else open.push(row)
  }
  return groups.map((group) => toBlock(group.map(textOf).reduce(joinLines), group))
}

interface Region {
  left: number
  right: number
  leading: number
}

/** Whether a row begins a paragraph. Heights of boxes differ by what letters are in them, so only much counts. */
function startsAnew(row: Row, previous: Row, { left, right, leading }: Region): boolean {
  const text = textOf(row)
  const before = textOf(previous)
  const size = Math.min(row.height, previous.height)
  const distance = row.y - previous.y
  if (distance > Math.max(leading * 1.4, size) || distance > size * widestLeading) return true
  if (Math.max(row.height, previous.height) > size * 1.4) return true
  if (row.right <= previous.left || row.left >= previous.right) return true
  if (row.cells.length > 1 || previous.cells.length > 1) return true
  if (bullet.test(text) || numbering.test(text)) return true
  if (/^\p{Ll}/u.test(text) && !endsSentence.test(before)) return false
  const missing = right - previous.right
  if (missing > 2 * size && endsSentence.test(before)) return true
  if (missing > Math.max(3 * size, (right - left) * 0.3)) return true
  const isIndented = row.left - left > size * 0.9 && row.left - left < size * 4
  return isIndented && previous.left - left < size * 0.5
}

function medianLeading(rows: readonly Row[]): number {
  return quantile(
    rows.slice(1).map((row, index) => row.y - (rows[index]?.y ?? row.y)),
    0.5,
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}
