import type { Span } from './types.js'

const ends = /[。！？；…]+[”’」』）》】"')]*|[.!?]+["'”’)\]]*(?=\s)|\n/g
const abbreviation =
  /(?:^|[\s(（])(?:\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs|cf|al|etc|approx|Fig|Figs|No|Nos|Vol|Eq|Sec|Art|pp?|ca|i\.e|e\.g|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$/u

/**
 * The sentences of a text as spans that begin and end with a visible character. Chinese and Latin punctuation ends a
 * sentence, and so does the end of a line; closing quotes stay with it; common abbreviations do not end one.
 */
export function sentenceSpans(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length
    if (match[0].startsWith('.') && abbreviation.test(text.slice(Math.max(start, end - 12), end))) continue
    pushTrimmed(spans, text, { start, end })
    start = end
  }
  pushTrimmed(spans, text, { start, end: text.length })
  return spans
}

/** The lines of a text as spans, without the white space around them. */
export function lineSpans(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (const line of text.split('\n')) {
    pushTrimmed(spans, text, { start, end: start + line.length })
    start += line.length + 1
  }
  return spans
}

function pushTrimmed(spans: Span[], text: string, { start, end }: Span): void {
  const piece = text.slice(start, end)
  const trimmed = piece.trim()
  if (trimmed === '') return
  const from = start + piece.indexOf(trimmed)
  spans.push({ start: from, end: from + trimmed.length })
}
