import type { BlockKind, Chunk, DocumentText } from '../core/types.js'
import type { Unit } from './units.js'

/** A chunk before it belongs to a document. */
export type ChunkDraft = Pick<Chunk, 'index' | 'text' | 'span' | 'page' | 'headingPath' | 'kind' | 'tableHeader'>

export interface PackOptions {
  /** What a chunk aims at and exceeds only by headings, a tail of less than `minTokens` or a single longer unit. */
  maxTokens?: number
  /** A last chunk of a section with less than this is added to the one before it. */
  minTokens?: number
  /** Sentences of at most this many tokens are repeated at the start of the next chunk. */
  overlapTokens?: number
}

/** A unit with its tokens, special tokens not counted. */
export interface CountedUnit extends Unit {
  tokens: number
}

/** Headings of this depth part the document: no chunk reaches across one. */
const partingLevel = 2

/** Parts units at pages and parting headings. Headings that follow each other directly stay together. */
export function sectionsOf<T extends Unit>(units: readonly T[]): T[][] {
  const sections: T[][] = []
  let hasBody = false
  for (const unit of units) {
    const section = sections.at(-1)
    const isNewPage = section?.[0] !== undefined && section[0].page !== unit.page
    const parts = hasBody && unit.level !== undefined && unit.level <= partingLevel
    if (section === undefined || isNewPage || parts) {
      sections.push([unit])
      hasBody = false
    } else section.push(unit)
    if (unit.kind !== 'heading') hasBody = true
  }
  return sections
}

/** The units of each chunk of a section; a chunk may begin with sentences that end the one before it. */
export function packSection(
  section: readonly CountedUnit[],
  { maxTokens = 400, minTokens = 40, overlapTokens = 60 }: PackOptions = {},
): CountedUnit[][] {
  const chunks: { from: number; first: number; to: number }[] = []
  let from = 0
  for (let first = 0; first < section.length; ) {
    const to = endOfChunk(section, { from, first }, maxTokens)
    chunks.push({ from, first, to })
    from = overlapStart(section, { from, to }, { maxTokens, overlapTokens })
    first = to
  }
  const [tail, previous] = [chunks.at(-1), chunks.at(-2)]
  if (tail !== undefined && previous !== undefined && tokensOf(section, tail.first, tail.to) < minTokens) {
    if (tokensOf(section, previous.from, tail.to) <= maxTokens + minTokens) {
      previous.to = tail.to
      chunks.pop()
    }
  }
  return chunks.map((chunk) => section.slice(chunk.from, chunk.to))
}

/** `from` counts what is repeated, `first` is the first unit that is new. */
function endOfChunk(
  section: readonly CountedUnit[],
  { from, first }: { from: number; first: number },
  maxTokens: number,
): number {
  let total = tokensOf(section, from, first)
  let hasBody = false
  for (let index = first; index < section.length; index += 1) {
    const unit = section[index]
    if (unit === undefined) break
    const isFull = total + unit.tokens > maxTokens
    // As long as there are only headings they wait for their text, even if it makes the chunk a little longer.
    const mayEnd = hasBody || total > maxTokens
    if (index > first && mayEnd && (isFull || breaksWell(section, index, { total, maxTokens }))) return index
    total += unit.tokens
    if (unit.kind !== 'heading') hasBody = true
  }
  return section.length
}

/** Whether it is better to end a chunk before a unit that would still fit. */
function breaksWell(
  section: readonly CountedUnit[],
  index: number,
  { total, maxTokens }: { total: number; maxTokens: number },
): boolean {
  const unit = section[index]
  const before = section[index - 1]
  if (unit === undefined || before === undefined || before.kind === 'heading') return false
  if (unit.kind === 'heading') {
    return total >= maxTokens / 4 || total + tokensUntil(section, index, isNextHeading, maxTokens) > maxTokens
  }
  if (unit.block === before.block || total < maxTokens / 2) return false
  const block = tokensUntil(section, index, (next) => next.block !== unit.block, maxTokens)
  return block <= maxTokens && total + block > maxTokens
}

const isNextHeading = (next: CountedUnit, previous: CountedUnit) =>
  next.kind === 'heading' && previous.kind !== 'heading'

/** Tokens from `index` up to the unit where `ends` holds; stops counting above `limit`. */
function tokensUntil(
  section: readonly CountedUnit[],
  index: number,
  ends: (next: CountedUnit, previous: CountedUnit) => boolean,
  limit: number,
): number {
  let total = 0
  let previous: CountedUnit | undefined
  for (let at = index; at < section.length && total <= limit; at += 1) {
    const unit = section[at]
    if (unit === undefined || (previous !== undefined && ends(unit, previous))) break
    total += unit.tokens
    previous = unit
  }
  return total
}

function overlapStart(
  section: readonly CountedUnit[],
  { from, to }: { from: number; to: number },
  { maxTokens, overlapTokens }: { maxTokens: number; overlapTokens: number },
): number {
  const next = section[to]
  if (next === undefined || next.kind === 'heading' || next.kind === 'table') return to
  const room = Math.min(overlapTokens, maxTokens - next.tokens)
  let start = to
  let total = 0
  while (start - 1 > from) {
    const unit = section[start - 1]
    const isProse = unit?.kind === 'paragraph' || unit?.kind === 'list' || unit?.kind === 'ocr'
    if (unit === undefined || !isProse || total + unit.tokens > room) break
    total += unit.tokens
    start -= 1
  }
  return start
}

function tokensOf(section: readonly CountedUnit[], from: number, to: number): number {
  let total = 0
  for (let index = from; index < to; index += 1) total += section[index]?.tokens ?? 0
  return total
}

/** The chunk of consecutive units: its text is the document's, from the first unit to the last. */
export function draftOf(document: DocumentText, units: readonly Unit[], index: number): ChunkDraft {
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
    tableHeader: tableHeaderOf(document, units),
  }
}

/** The header row of the table whose middle a chunk starts in. */
function tableHeaderOf(document: DocumentText, units: readonly Unit[]): string | null {
  const first = units[0]
  if (first === undefined || first.kind !== 'table') return null
  const block = document.blocks[first.block]
  if (block === undefined || first.span.start === block.span.start) return null
  return block.text.split('\n', 1)[0] ?? null
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
