import { lineSpans, sentenceSpans } from '../../core/sentences.js'
import type { BlockKind, DocumentText, PlacedBlock, Span } from '../../core/types.js'
import { cutText } from './cut-text.js'
import { cellsOf, isTableCaption, type TableFrame, type TableRow, tableFrame, writtenRow } from './table-rows.js'

/** What a chunk is made of and never cut inside, unless it is longer than a chunk: a sentence, row, item, line or heading. */
export interface Unit {
  span: Span
  page: number | null
  kind: BlockKind
  headingPath: string[]
  /** Position of its block in the document. */
  block: number
  /** Says what the unit after it is, and never ends a chunk where that can be helped: heading, caption, header row. */
  leads: boolean
  /** Depth of a heading; undefined for every other kind. */
  level?: number
  /** Only of table rows. */
  row?: TableRow
}

/** Characters that are split at a time: a block may be a whole file. */
const windowCharacters = 50_000

/** The units of a document in order, found as they are asked for. Their spans cover every character that is not white space. */
export function* splitUnits(document: DocumentText): Generator<Unit> {
  let frame: TableFrame | null = null
  for (const [index, block] of document.blocks.entries()) {
    frame = tableFrame(document.blocks, index, frame)
    const { kind, page, headingPath, level } = block
    const leads = kind === 'heading' || isTableCaption(block, document.blocks[index + 1])
    for (const span of spansOf(block)) {
      const unit: Unit = { span, page, kind, headingPath, block: index, leads }
      if (level !== undefined) unit.level = level
      if (frame !== null) {
        unit.row = { table: frame, names: frame.names, column: 0, isHeader: span.start === block.span.start }
        unit.leads = unit.row.isHeader && span.end < block.span.end
      }
      yield unit
    }
  }
}

function spansOf(block: PlacedBlock): Iterable<Span> {
  const { kind } = block
  if (kind === 'heading' || kind === 'caption') return wholeSpan(block)
  return windowSpans(block, kind === 'table' || kind === 'list' || kind === 'code' ? lineSpans : sentenceSpans)
}

function wholeSpan({ text, span }: PlacedBlock): Span[] {
  const trimmed = text.trim()
  const start = span.start + text.indexOf(trimmed)
  return trimmed === '' ? [] : [{ start, end: start + trimmed.length }]
}

/** The spans of a text window by window: what a window ends in belongs to the next one, for it may go on there. */
function* windowSpans({ text, span }: PlacedBlock, split: (text: string) => Span[]): Generator<Span> {
  for (let start = 0; start < text.length; ) {
    const window = text.slice(start, start + windowCharacters)
    const isLast = start + window.length === text.length
    const found = split(window)
    const spans = isLast || found.length !== 1 ? found : cutSpans(window, windowCharacters * 0.99)
    const last = spans.at(-1)
    for (const each of spans) {
      if (each !== last || isLast) yield { start: span.start + start + each.start, end: span.start + start + each.end }
    }
    start += isLast || last === undefined ? window.length : last.start
  }
}

/** A unit as it is embedded. */
export function writtenUnit({ text }: Pick<DocumentText, 'text'>, { span, row }: Unit): string {
  const own = text.slice(span.start, span.end)
  return row === undefined ? own : writtenRow(own, row)
}

/** Cuts a unit into pieces of at most `maxCharacters`; those of a row know their column. */
export function cutUnit<T extends Unit>({ text }: Pick<DocumentText, 'text'>, unit: T, maxCharacters: number): T[] {
  const { span, row } = unit
  const whole = text.slice(span.start, span.end)
  let column = row?.column ?? 0
  let counted = 0
  return cutSpans(whole, maxCharacters, { isRow: row !== undefined }).map(({ start, end }) => {
    const place = { start: span.start + start, end: span.start + end }
    if (row === undefined) return { ...unit, span: place }
    column += cellsOf(whole.slice(counted, start)).length - 1
    counted = start
    return { ...unit, span: place, row: { ...row, column } }
  })
}

/** The pieces of a text without the white space around them. */
function cutSpans(text: string, maxCharacters: number, options: { isRow?: boolean } = {}): Span[] {
  return cutText(text, maxCharacters, options).flatMap(({ start, end }) => {
    const piece = text.slice(start, end)
    const trimmed = piece.trim()
    const from = start + piece.indexOf(trimmed)
    return trimmed === '' ? [] : [{ start: from, end: from + trimmed.length }]
  })
}
