import type { Chunk, Span } from '../../core/types.js'
import type { CodeValue } from '../values/codes.js'
import { foldText } from '../values/fold-text.js'
import { valuesIn } from '../values/values.js'
import { type Quoted, readPassage } from './passage.js'
import { type Reading, readText } from './reading.js'
import { type Doubt, doubtsOf } from './support.js'
import { likelyWindows, spanOf } from './windows.js'

/** A statement and the line that leads up to it, which may name what it is about. */
export interface Stated {
  text: string
  lead: string
}

export interface Quote {
  /** Within the chunk's text; never empty unless the chunk is. */
  quoteSpan: Span
  /** What speaks against it; empty when it supports the statement. */
  doubts: Doubt[]
  quoted: Quoted
}

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
  const { readings, subjects } = readStatement(statement)
  const [best] = likelyWindows(readings, passage, { pageStarts })
    .map(({ quoted }) => ({ quoted, doubts: doubtsOf(readings, quoted, { subjects }) }))
    .sort((a, b) => a.doubts.length - b.doubts.length)
  if (best === undefined) {
    const quoted = { passage, from: 0, to: 0 }
    return { quoteSpan: { start: 0, end: chunk.text.length }, doubts: ['coverage'], quoted }
  }
  return { ...best, quoteSpan: spanOf(best.quoted) }
}

/** The sentences of a statement, and the part numbers that it is about without naming them itself. */
export function readStatement({ text, lead }: Stated): { readings: Reading[]; subjects: CodeValue[] } {
  return {
    readings: readText(text),
    subjects: valuesIn(foldText(lead)).filter((value) => value.kind === 'code'),
  }
}
