import type { Unit } from './units.js'

export interface PackOptions {
  /** What a chunk aims at and exceeds only by headings, a tail of less than `minTokens` or a single longer unit. */
  maxTokens?: number
  /** A last chunk of a section with less than this is added to the one before it. */
  minTokens?: number
  /** Sentences of at most this many tokens are repeated at the start of the next chunk. */
  overlapTokens?: number
}

/** A unit with its tokens as it is embedded, special tokens not counted; never 0. */
export interface CountedUnit extends Unit {
  tokens: number
}

/** Headings of this depth part the document: no chunk reaches across one. */
const partingLevel = 2
/** Chunks that lie ahead of the one that is cut: what decides where it ends reaches no further. */
const chunksAhead = 4

/**
 * Packs units into chunks as they come, each time the same whatever they come in. A chunk never reaches across a page or
 * a heading of level 1 or 2 that has text above it; it may begin with sentences that end the one before it.
 */
export function packer(options: PackOptions = {}): {
  /** The chunks, as their units, that are certain with this one. */
  add(unit: CountedUnit): CountedUnit[][]
  /** The rest. */
  end(): CountedUnit[][]
} {
  const { maxTokens = 400 } = options
  const weigh = (unit: CountedUnit) => Math.min(unit.tokens, maxTokens)
  let section: CountedUnit[] = []
  let start: ChunkStart = { from: 0, first: 0 }
  let ahead = 0
  let hasBody = false

  function end(): CountedUnit[][] {
    const chunks = packSection(section, options, start)
    section = []
    start = { from: 0, first: 0 }
    ahead = 0
    hasBody = false
    return chunks
  }

  function cutOne(): CountedUnit[] {
    const { units, next } = nextChunk(section, start, options)
    for (const unit of section.slice(start.first, next.first)) ahead -= weigh(unit)
    section = section.slice(next.from)
    start = { from: 0, first: next.first - next.from }
    return units
  }

  return {
    add(unit) {
      const chunks = section[0] !== undefined && parts(unit, { page: section[0].page, hasBody }) ? end() : []
      section.push(unit)
      ahead += weigh(unit)
      if (unit.kind !== 'heading') hasBody = true
      while (ahead > chunksAhead * maxTokens) chunks.push(cutOne())
      return chunks
    },
    end,
  }
}

/** Headings that follow each other directly stay together. */
function parts(unit: Unit, { page, hasBody }: { page: number | null; hasBody: boolean }): boolean {
  return unit.page !== page || (hasBody && unit.level !== undefined && unit.level <= partingLevel)
}

/** Where a chunk starts: `from` counts what is repeated, `first` is the first unit that is new. */
interface ChunkStart {
  from: number
  first: number
}

/** The units of each chunk of a section, which is what lies between two parting places. */
export function packSection(
  section: readonly CountedUnit[],
  options: PackOptions = {},
  start: ChunkStart = { from: 0, first: 0 },
): CountedUnit[][] {
  const { maxTokens = 400, minTokens = 40 } = options
  const chunks: { from: number; first: number; to: number }[] = []
  for (let at = start; at.first < section.length; ) {
    const { next } = nextChunk(section, at, options)
    chunks.push({ ...at, to: next.first })
    at = next
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

function nextChunk(
  section: readonly CountedUnit[],
  { from, first }: ChunkStart,
  { maxTokens = 400, overlapTokens = 60 }: PackOptions,
): { units: CountedUnit[]; next: ChunkStart } {
  const to = endOfChunk(section, { from, first }, maxTokens)
  const next = { from: overlapStart(section, { from, to }, { maxTokens, overlapTokens }), first: to }
  return { units: section.slice(from, to), next }
}

function endOfChunk(section: readonly CountedUnit[], { from, first }: ChunkStart, maxTokens: number): number {
  let total = tokensOf(section, from, first)
  let bodyEnd: number | null = null
  for (let index = first; index < section.length; index += 1) {
    const unit = section[index]
    if (unit === undefined) break
    const isFull = total + unit.tokens > maxTokens
    // What leads up to a text waits for it, even if that makes the chunk a little longer.
    const mayEnd = index > first && (bodyEnd !== null || total > maxTokens)
    if (mayEnd && (isFull || breaksWell(section, index, { total, maxTokens }))) return bodyEnd ?? index
    total += unit.tokens
    if (!unit.leads) bodyEnd = index + 1
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
  if (unit === undefined || before === undefined || before.leads) return false
  if (unit.kind === 'heading') {
    return total >= maxTokens / 4 || total + tokensUntil(section, index, isNextHeading, maxTokens) > maxTokens
  }
  if (unit.block === before.block || (total < maxTokens / 2 && unit.kind !== 'code')) return false
  const block = tokensUntil(section, index, isNextBlock, maxTokens)
  return block <= maxTokens && total + block > maxTokens
}

const isNextHeading = (next: CountedUnit, previous: CountedUnit) =>
  next.kind === 'heading' && previous.kind !== 'heading'

/** A caption and its table count as one. */
const isNextBlock = (next: CountedUnit, previous: CountedUnit) => next.block !== previous.block && !previous.leads

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

const repeated: ReadonlySet<Unit['kind']> = new Set(['paragraph', 'list', 'ocr'])
/** What is not prose begins a chunk of its own accord: sentences before it would only take its room. */
const begins: ReadonlySet<Unit['kind']> = new Set(['heading', 'caption', 'table', 'code', 'footnote'])

function overlapStart(
  section: readonly CountedUnit[],
  { from, to }: { from: number; to: number },
  { maxTokens, overlapTokens }: { maxTokens: number; overlapTokens: number },
): number {
  const next = section[to]
  if (next === undefined || begins.has(next.kind)) return to
  const room = Math.min(overlapTokens, maxTokens - next.tokens)
  let start = to
  let total = 0
  while (start - 1 > from) {
    const unit = section[start - 1]
    if (unit === undefined || !repeated.has(unit.kind) || total + unit.tokens > room) break
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
