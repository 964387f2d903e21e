import type { Span } from './types.js'

/** Ends of sentences: Chinese marks end one by themselves, Latin ones only before white space. */
const boundary = /[。！？；!?]+[”’」』）)]*|\.(?=\s|$)[”’)]*|;(?=\s)|\n+/gu

/**
 * The sentences of a text as spans, in order. A line break always ends one, so a table row or a list item is a
 * sentence. Spans hold no white space at their ends; together they hold every character that is not white space.
 */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (const match of text.matchAll(boundary)) {
    const end = match.index + match[0].length
    pushTrimmed(text, start, end, spans)
    start = end
  }
  pushTrimmed(text, start, text.length, spans)
  return spans
}

function pushTrimmed(text: string, from: number, to: number, spans: Span[]): void {
  const piece = text.slice(from, to)
  const trimmed = piece.trim()
  if (trimmed === '') return
  const start = from + piece.indexOf(trimmed)
  spans.push({ start, end: start + trimmed.length })
}
