import type { Citation } from '../src/core/answer.js'
import type { Hit, PageText, Span } from '../src/core/types.js'

/** What the reader opens: a page of a document and the quotes to show on it. */
export interface Passage {
  documentId: string
  title: string
  /** Counts from 1; 1 is the whole text of a format without pages. */
  page: number
  quotes: { span: Span; text: string }[]
  /** Whether the quotes were checked against the source; null for a search result, which is the source itself. */
  verified: boolean | null
}

/**
 * The passage behind a marker; null when it has none. Each occurrence of a marker has a citation of its own, for the
 * statement that it stands behind; an occurrence without one is as good as the worst of the others.
 */
export function citedPassage(
  citations: readonly Citation[],
  { number, occurrence }: { number: number; occurrence: number },
): Passage | null {
  const all = citations.filter((citation) => citation.marker === number)
  const own = all[occurrence] ?? all.find((citation) => !citation.verified) ?? all[0]
  return own === undefined ? null : citationPassage(own)
}

/** The passage of a single citation. */
export function citationPassage(citation: Citation): Passage {
  return {
    documentId: citation.documentId,
    title: citation.documentTitle,
    page: citation.page ?? 1,
    quotes: [{ span: citation.sourceSpan, text: citation.quote }],
    verified: citation.verified,
  }
}

/** The passage of a search result. */
export function hitPassage({ chunk }: Hit): Passage {
  return {
    documentId: chunk.documentId,
    title: chunk.documentTitle,
    page: chunk.page ?? 1,
    quotes: [{ span: chunk.span, text: chunk.text }],
    verified: null,
  }
}

interface MarkedText {
  text: string
  quoted: boolean
}

/**
 * Cuts a page's text where the quotes begin and end. A quote is looked for at its span first and, because the
 * document may have been replaced since, anywhere on the page after that; one that is nowhere is left out. A quote that
 * runs over the page's edge is shown as far as the page goes.
 */
export function markQuotes(page: PageText, quotes: Passage['quotes']): MarkedText[] {
  const spans = quotes.flatMap((quote) => locate(page, quote) ?? []).sort((one, other) => one.start - other.start)
  const parts: MarkedText[] = []
  let end = 0
  for (const span of spans) {
    const start = Math.max(span.start, end)
    if (start >= span.end) continue
    if (start > end) parts.push({ text: page.text.slice(end, start), quoted: false })
    parts.push({ text: page.text.slice(start, span.end), quoted: true })
    end = span.end
  }
  if (end < page.text.length) parts.push({ text: page.text.slice(end), quoted: false })
  return parts
}

function locate(page: PageText, quote: { span: Span; text: string }): Span | null {
  const start = quote.span.start - page.span.start
  const onPage = { start: Math.max(0, start), end: Math.min(page.text.length, quote.span.end - page.span.start) }
  const expected = quote.text.slice(onPage.start - start, onPage.end - start)
  if (onPage.start < onPage.end && page.text.slice(onPage.start, onPage.end) === expected) return onPage
  const found = page.text.indexOf(quote.text)
  return found === -1 || quote.text === '' ? null : { start: found, end: found + quote.text.length }
}
