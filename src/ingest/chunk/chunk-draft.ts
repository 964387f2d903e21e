import type { BlockKind, Chunk, DocumentText } from '../../core/types.js'
import { contextLine } from './context-line.js'
import { cellsOf } from './table-rows.js'
import { type Unit, writtenUnit } from './units.js'

/** A header row of a hundred thousand columns, kept with each chunk of its table, would stall the store. */
const headerCharacters = 1000

/** A chunk before it belongs to a document. */
export type ChunkDraft = Pick<Chunk, 'index' | 'text' | 'span' | 'page' | 'headingPath' | 'kind' | 'tableHeader'>

/** The chunk of consecutive units: its text is the document's, from the first unit to the last. */
export function draftOf(document: Pick<DocumentText, 'text'>, units: readonly Unit[], index: number): ChunkDraft {
  const first = units[0]
  const last = units.at(-1)
  const span = { start: first?.span.start ?? 0, end: last?.span.end ?? 0 }
  const body = units.find((unit) => unit.kind !== 'heading') ?? first
  return {
    index,
    text: document.text.slice(span.start, span.end),
    span,
    page: first?.page ?? null,
    headingPath: [...(body?.headingPath ?? [])],
    kind: mainKind(units),
    tableHeader:
      first?.row === undefined || first.row.isHeader ? null : first.row.table.header.slice(0, headerCharacters),
  }
}

function mainKind(units: readonly Unit[]): BlockKind {
  const characters = new Map<BlockKind, number>()
  for (const { kind, span } of units) {
    if (kind !== 'heading') characters.set(kind, (characters.get(kind) ?? 0) + span.end - span.start)
  }
  let main: BlockKind = 'heading'
  let most = 0
  for (const [kind, count] of characters) if (count > most) [main, most] = [kind, count]
  return main
}

/**
 * What is embedded for a chunk: a context line of about `contextTokens`, which says what it is about, and its text with
 * the names of the columns in table rows. Without room for context it is the text alone.
 */
export function embedTextOf(
  document: Pick<DocumentText, 'text'>,
  units: readonly Unit[],
  { title, contextTokens }: { title: string; contextTokens: number },
): string {
  const body = bodyOf(document, units)
  if (contextTokens === 0) return body
  const context = contextLine(contextOf(document, units, title), { maxTokens: contextTokens })
  return context === '' ? body : `${context}\n${body}`
}

function bodyOf({ text }: Pick<DocumentText, 'text'>, units: readonly Unit[]): string {
  const whole = wholeRows({ text }, units)
  let body = ''
  for (const [index, unit] of whole.entries()) {
    const written = writtenUnit({ text }, unit)
    if (written === '') continue
    if (body !== '') body += text.slice(whole[index - 1]?.span.end, unit.span.start)
    body += written
  }
  return body === '' ? text.slice(units[0]?.span.start, units.at(-1)?.span.end) : body
}

/** Pieces of one row that came together again are one, so that no column is named in the middle of a cell. */
function wholeRows({ text }: Pick<DocumentText, 'text'>, units: readonly Unit[]): Unit[] {
  const whole: Unit[] = []
  for (const unit of units) {
    const last = whole.at(-1)
    if (last?.row === undefined || unit.row === undefined || !isSameRow({ text }, last, unit)) whole.push(unit)
    else if (last.row.names === unit.row.names) {
      whole[whole.length - 1] = { ...last, span: { start: last.span.start, end: unit.span.end } }
    } else whole.push({ ...unit, row: { ...unit.row, isBegun: isSameCell({ text }, last, unit) } })
  }
  return whole
}

function isSameRow({ text }: Pick<DocumentText, 'text'>, last: Unit, next: Unit): boolean {
  return last.block === next.block && !text.slice(last.span.end, next.span.start).includes('\n')
}

function isSameCell({ text }: Pick<DocumentText, 'text'>, last: Unit, next: Unit): boolean {
  // A bar at the edge of either piece belongs to it and stands between the two.
  const around = text.slice(Math.max(last.span.start, last.span.end - 2), next.span.start + 2)
  return cellsOf(around).length === 1
}

function contextOf({ text }: Pick<DocumentText, 'text'>, units: readonly Unit[], title: string) {
  const own = new Set(
    units.filter(({ kind }) => kind === 'heading').map(({ span }) => text.slice(span.start, span.end)),
  )
  const body = units.find((unit) => unit.kind !== 'heading') ?? units[0]
  const headingPath = (body?.headingPath ?? []).filter((heading) => !own.has(heading))
  const row = units[0]?.row
  if (row === undefined || row.isHeader) return { title, headingPath }
  const tableHeader = row.names === null ? row.table.header : null
  return { title, headingPath, caption: row.table.caption, tableHeader }
}
