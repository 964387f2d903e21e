import { sentenceSpans } from '../core/sentences.js'
import type { Span } from '../core/types.js'
import { type Marker, markersIn } from './markers.js'

/** What markers stand behind: a sentence or a part of one, a list item, a table row, or the rows of a table. */
export interface Statement {
  /** The markers that stand together behind it, in order. */
  markers: Marker[]
  span: Span
  /** The statement's text without its markers. */
  text: string
  /** The line that leads up to it, for an item or a row: `Data of HCZ65-200A:`; empty where there is none. */
  lead: string
}

const item = /^[ \t]*(?:[-*+•·](?=\s)|\d{1,2}[.)、](?!\d)|[(（]\d{1,2}[)）])[ \t]*/
const rule = /^[ \t|:-]*-[ \t|:-]*$/

export interface StatementOptions {
  markers?: readonly Marker[]
  /** How many statements, from the first, are not looked at. */
  from?: number
  /** Whether more text may follow: then only those are given, in order, that it cannot change. */
  isGrowing?: boolean
}

/**
 * Binds the markers of a settled answer to what they stand behind. A marker behind a full stop belongs to the sentence
 * before it, one that opens a line to the sentence after it, one in a table row or behind a list item to the whole of it,
 * and one on a line of its own to what stands above.
 */
export function statementsIn(
  text: string,
  { markers: given = markersIn(text), from = 0, isGrowing = false }: StatementOptions = {},
): Statement[] {
  const groups = togetherIn(text, given)
  if (from >= groups.length) return []
  const bare = blankOut(text, given)
  const lines = linesOf(bare)
  const found: Statement[] = []
  for (const markers of groups.slice(from)) {
    const at = markers[0]?.span.start ?? 0
    const index = lines.findIndex(({ start, end }) => start <= at && at <= end)
    const place = { lines, index, markers, groups }
    if (isGrowing && !isOver(bare, place)) break
    const { span, line } = bind(bare, place)
    const kept = trimmed(bare, span)
    found.push({ markers, span: kept, text: bare.slice(kept.start, kept.end), lead: leadOf(bare, lines, line) })
  }
  return found
}

/** Markers with nothing but spaces between them stand for one statement. */
function togetherIn(text: string, markers: readonly Marker[]): Marker[][] {
  const groups: Marker[][] = []
  for (const marker of markers) {
    const last = groups.at(-1)
    const end = last?.at(-1)?.span.end
    if (last && end !== undefined && /^[ \t]*$/.test(text.slice(end, marker.span.start))) last.push(marker)
    else groups.push([marker])
  }
  return groups
}

interface Place {
  lines: readonly Span[]
  /** The line that the markers stand on. */
  index: number
  markers: readonly Marker[]
  groups: readonly (readonly Marker[])[]
}

function bind(bare: string, place: Place): { span: Span; line: number } {
  const { lines, index } = place
  const line = lines[index] ?? { start: 0, end: bare.length }
  const text = bare.slice(line.start, line.end)
  if (isEmpty(text)) return above(bare, lines, index)
  if (isRow(text)) return { span: line, line: index }
  return { span: withinLine(bare, line, place), line: index }
}

/** Whether nothing that follows can change what markers stand behind: their line has ended, or the next sentence begun. */
function isOver(bare: string, { lines, index, markers }: Place): boolean {
  if (index < lines.length - 1) return true
  const line = lines[index] ?? { start: 0, end: bare.length }
  const text = bare.slice(line.start, line.end)
  if (isEmpty(text) || isRow(text)) return false
  const [first, last] = [markers[0]?.span.start ?? 0, markers.at(-1)?.span.end ?? 0]
  const content = contentOf(bare, line)
  const later = sentencesOf(bare, content).filter(({ start }) => start >= last).length
  return later > (isEmpty(bare.slice(content.start, first)) ? 1 : 0)
}

/** What a line of nothing but markers stands behind: the rows of the table above, or the last sentence or item. */
function above(bare: string, lines: readonly Span[], index: number): { span: Span; line: number } {
  const textOf = (of: number) => bare.slice(lines[of]?.start ?? 0, lines[of]?.end ?? 0)
  let last = index - 1
  while (last > 0 && isEmpty(textOf(last))) last--
  const end = lines[last]
  if (end === undefined) return { span: { start: 0, end: 0 }, line: 0 }
  if (!isRow(textOf(last))) {
    const sentence = item.test(textOf(last)) ? undefined : sentencesOf(bare, end).at(-1)
    return { span: sentence ?? end, line: last }
  }
  let first = last
  while (first > 0 && isRow(textOf(first - 1)) && !rule.test(textOf(first - 1))) first--
  return { span: { start: lines[first]?.start ?? 0, end: end.end }, line: first }
}

function withinLine(bare: string, line: Span, { markers, groups }: Place): Span {
  const [first, last] = [markers[0]?.span.start ?? 0, markers.at(-1)?.span.end ?? 0]
  const content = contentOf(bare, line)
  const sentences = sentencesOf(bare, content)
  const others = groups.filter((group) => group !== markers).map((group) => group[0]?.span.start ?? 0)
  if (isEmpty(bare.slice(content.start, first))) return sentences[0] ?? content
  const holding = sentences.findLast(({ start }) => start < first) ?? content
  const isHeld = first < holding.end
  const before = groups.findLast((group) => (group[0]?.span.start ?? 0) < first)?.at(-1)?.span.end ?? 0
  const isOfSeveral = new Set(markers.map(({ number }) => number)).size > 1
  const whole =
    content.start > line.start ? content.start : isOfSeveral ? joinedFrom(bare, sentences, holding) : holding.start
  const start = isEmpty(bare.slice(Math.max(whole, before), first)) ? whole : Math.max(whole, before)
  const hasLater = others.some((other) => other >= last && other < holding.end)
  return { start, end: isHeld && !hasLater ? holding.end : Math.min(first, Math.max(holding.end, start)) }
}

/** Several sources at the end of what semicolons join stand behind all of it: each may be that of one part. */
function joinedFrom(bare: string, sentences: readonly Span[], { start }: Span): number {
  const earlier = sentences.filter((sentence) => sentence.start < start)
  const unjoined = earlier.findLastIndex(
    (sentence) => !bare.slice(sentence.start, sentence.end).trimEnd().endsWith('；'),
  )
  return earlier[unjoined + 1]?.start ?? start
}

/** A line without what makes it an item. */
function contentOf(bare: string, { start, end }: Span): Span {
  return { start: start + (item.exec(bare.slice(start, end))?.[0].length ?? 0), end }
}

function sentencesOf(text: string, { start, end }: Span): Span[] {
  return sentenceSpans(text.slice(start, end)).map((span) => ({ start: start + span.start, end: start + span.end }))
}

/** The heading, or the line that ends in a colon, above the list or table in which a line stands. */
function leadOf(bare: string, lines: readonly Span[], index: number): string {
  const textOf = (of: number) => bare.slice(lines[of]?.start ?? 0, lines[of]?.end ?? 0).trim()
  if (!item.test(textOf(index)) && !isRow(textOf(index))) return ''
  for (let above = index - 1; above >= 0; above--) {
    const text = textOf(above)
    if (isEmpty(text) || item.test(text) || isRow(text)) continue
    return /[:：]$|^#|^\*\*.*\*\*$/.test(text) ? text : ''
  }
  return ''
}

function linesOf(text: string): Span[] {
  let start = 0
  return text.split('\n').map((line) => {
    const span = { start, end: start + line.length }
    start = span.end + 1
    return span
  })
}

/** Whether there is nothing to read: no letter and no digit. */
function isEmpty(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text)
}

/** Cells without a bar before them begin in the first sentence: so it can be told before the line is whole. */
function isRow(line: string): boolean {
  const [first] = sentenceSpans(line)
  return /^\s*\|/.test(line) || (first !== undefined && /\S \| \S/.test(line.slice(first.start, first.end)))
}

/** The text with spaces in place of its markers. */
function blankOut(text: string, markers: readonly Marker[]): string {
  const starts = [0, ...markers.map(({ span }) => span.end)]
  return starts
    .map((start, index) => {
      const { start: end, end: next } = markers[index]?.span ?? { start: text.length, end: text.length }
      return text.slice(start, end) + ' '.repeat(next - end)
    })
    .join('')
}

/** Without white space and without the punctuation that a part of a sentence begins with. */
function trimmed(text: string, { start, end }: Span): Span {
  const piece = text.slice(start, end)
  const lead = /^[\s,，、;；。.]*/.exec(piece)?.[0].length ?? 0
  const kept = piece.slice(lead).trimEnd()
  return kept === '' ? { start, end } : { start: start + lead, end: start + lead + kept.length }
}
