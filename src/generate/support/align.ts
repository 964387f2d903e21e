import type { Chunk, Span } from '../../core/types.js'
import type { CodeValue } from '../values/codes.js'
import { foldText } from '../values/fold-text.js'
import { valuesIn } from '../values/values.js'
import { joinQuotes, type Passage, type Quoted, readPassage } from './passage.js'
import { readText } from './reading.js'
import { coverageOf, type Doubt, doubtsOf } from './support.js'

/** A statement and the line that leads up to it, which may name what it is about. */
interface Stated {
  text: string
  lead: string
}

export interface Quote {
  /** Within the chunk's text; never empty unless the chunk is. */
  quoteSpan: Span
  /** What speaks against it; empty when it supports the statement. */
  doubts: Doubt[]
  /** Whether it holds a good part of the statement, if not all. */
  carries: boolean
  quoted: Quoted
}

/** Longest quote in sentences: a statement sometimes sums up what stands apart by one. */
const longestQuote = 3
/** Quotes that are looked at closely. */
const mostTried = 6
/** A longer quote has to earn its length. */
const costOfLength = 0.1
/** Coverage from which a passage counts as one of those that a statement sums up. */
const leastPart = 0.25

/**
 * The part of a chunk that supports a statement best: among the sentences that hold most of its words and values, those
 * that leave the least doubt. A quote stays on one page. A sentence that holds it word for word holds all of it, and is the shortest that does.
 */
export function supportingQuote(
  statement: Stated,
  chunk: Chunk,
  { pageStarts = [] }: { pageStarts?: readonly number[] } = {},
): Quote {
  const passage = readPassage(chunk)
  const stated = readText(statement.text)
  const subjects = codesOf(statement.lead)
  const isOnOnePage = ({ start, end }: Span) => !pageStarts.some((at) => start < at && at < end)
  const [best] = windows(passage)
    .filter((quoted) => isOnOnePage(spanOf(quoted)))
    .map((quoted) => ({ quoted, coverage: coverageOf(stated, quoted) }))
    .sort((a, b) => rankOf(b) - rankOf(a))
    .slice(0, mostTried)
    .map((tried) => ({ ...tried, doubts: doubtsOf(stated, tried.quoted, { subjects }) }))
    .sort((a, b) => a.doubts.length - b.doubts.length)
  if (best === undefined) {
    const quoted = { passage, from: 0, to: 0 }
    return { quoteSpan: { start: 0, end: chunk.text.length }, doubts: ['coverage'], carries: false, quoted }
  }
  const { quoted, doubts, coverage } = best
  return { quoteSpan: spanOf(quoted), doubts, carries: coverage >= leastPart, quoted }
}

/** Whether quotes support a statement together that none of them supports alone. */
export function supportTogether(statement: Stated, quotes: readonly Quote[]): boolean {
  const passage = joinQuotes(quotes.map(({ quoted }) => quoted))
  const quoted = { passage, from: 0, to: passage.readings.length }
  return doubtsOf(readText(statement.text), quoted, { subjects: codesOf(statement.lead) }).length === 0
}

function windows(passage: Passage): Quoted[] {
  const { length } = passage.readings
  return passage.readings.flatMap((_, from) =>
    Array.from({ length: Math.min(longestQuote, length - from) }, (_, more) => ({
      passage,
      from,
      to: from + more + 1,
    })),
  )
}

function rankOf({ quoted, coverage }: { quoted: Quoted; coverage: number }): number {
  return coverage - costOfLength * (quoted.to - quoted.from - 1)
}

function spanOf({ passage, from, to }: Quoted): Span {
  return { start: passage.readings[from]?.span.start ?? 0, end: passage.readings[to - 1]?.span.end ?? 0 }
}

function codesOf(lead: string): CodeValue[] {
  return valuesIn(foldText(lead)).filter((value) => value.kind === 'code')
}
