import type { Span } from '../../core/types.js'
import type { Passage, Quoted } from './passage.js'
import type { Reading } from './reading.js'
import { coverageOf } from './support.js'

/** A part of a passage that may be quoted, and how much of the statement it holds, 0 to 1. */
export interface Window {
  quoted: Quoted
  coverage: number
}

/** Longest quote in sentences: a statement sometimes sums up what stands apart by one. */
const longestQuote = 3
/** Quotes that are looked at closely. */
const mostTried = 6
/** What a longer quote has to earn, in coverage for each further sentence. */
export const costOfLength = 0.1

export interface WindowOptions {
  /** Where pages begin within the chunk's text: no window crosses one. */
  pageStarts?: readonly number[]
  costOfLength?: number
}

/** The parts of a passage that hold most of a statement, best first, each on one page. */
export function likelyWindows(
  stated: readonly Reading[],
  passage: Passage,
  { pageStarts = [], costOfLength: cost = costOfLength }: WindowOptions = {},
): Window[] {
  const rankOf = ({ quoted, coverage }: Window) => coverage - cost * (quoted.to - quoted.from - 1)
  const isOnOnePage = ({ start, end }: Span) => !pageStarts.some((at) => start < at && at < end)
  return windowsOf(passage)
    .filter((quoted) => isOnOnePage(spanOf(quoted)))
    .map((quoted) => ({ quoted, coverage: coverageOf(stated, quoted) }))
    .sort((a, b) => rankOf(b) - rankOf(a))
    .slice(0, mostTried)
}

/** Where a quote stands within the text of its chunk. */
export function spanOf({ passage, from, to }: Quoted): Span {
  return { start: passage.readings[from]?.span.start ?? 0, end: passage.readings[to - 1]?.span.end ?? 0 }
}

function windowsOf(passage: Passage): Quoted[] {
  const { length } = passage.readings
  return passage.readings.flatMap((_, from) =>
    Array.from({ length: Math.min(longestQuote, length - from) }, (_, more) => ({
      passage,
      from,
      to: from + more + 1,
    })),
  )
}
