import type { Citation } from '../core/answer.js'
import type { Chunk, Hit, PageText, Span, WideHit } from '../core/types.js'
import { type Statement, type StatementOptions, statementsIn } from './statements.js'
import { supportingQuote } from './support/align.js'
import { supportTogether } from './support/together.js'

/** A citation that has not been held against the stored text yet. */
export type CitationDraft = Omit<Citation, 'verified' | 'page'> & {
  /** Whether the quote carries the statement, judged by its words, values and polarity. */
  supports: boolean
}

type Cited = Hit & Partial<WideHit>

/**
 * Binds each marker of an answer to the statement it stands behind and to the part of its passage that supports that
 * statement best. Passages whose markers stand together may share the statement between them.
 * @param text settled: see `settleMarkers`
 * @param cited marker `n` is `cited[n - 1]`; markers without a passage are passed over
 */
export function bindCitations(text: string, cited: readonly Cited[], options: StatementOptions = {}): CitationDraft[] {
  return statementsIn(text, options).flatMap((statement) => bindStatement(statement, cited))
}

/** The citations of one statement, one for each of its markers. */
export function bindStatement(statement: Statement, cited: readonly Cited[]): CitationDraft[] {
  const found = statement.markers.flatMap(({ number }) => {
    const hit = cited[number - 1]
    if (hit === undefined) return []
    const pageStarts = pageStartsIn(hit)
    return [{ number, hit, pageStarts, alone: supportingQuote(statement, hit.chunk, { pageStarts }) }]
  })
  const isShared = found.length > 1 && found.some(({ alone }) => alone.doubts.length > 0)
  const quotes = isShared
    ? supportTogether(statement, found)
    : found.map(({ alone }) => ({ quoteSpan: alone.quoteSpan, supports: alone.doubts.length === 0 }))
  return found.flatMap(({ number, hit }, index) => {
    const quote = quotes[index]
    if (quote === undefined) return []
    const citation = cite(number, hit.chunk, quote.quoteSpan)
    const chunkId = partAt(citation.sourceSpan.start, hit).id
    return [{ ...citation, chunkId, answerSpan: statement.span, supports: quote.supports }]
  })
}

/** Where pages begin within the text of a passage: a quote stands on one of them. */
function pageStartsIn({ chunk, parts = [] }: Cited): number[] {
  return parts
    .filter(({ page }, index) => index > 0 && page !== parts[index - 1]?.page)
    .map(({ span }) => span.start - chunk.span.start)
}

/** The chunk of a passage in which a place of the document stands; of two that share it, the one that goes on. */
function partAt(start: number, { chunk, parts = [] }: Cited): Chunk {
  return parts.findLast(({ span }) => span.start <= start && start < span.end) ?? chunk
}

/** A citation of a part of a chunk; `quoteSpan` counts from the start of the chunk's text. */
export function cite(marker: number, chunk: Chunk, quoteSpan: Span): Omit<CitationDraft, 'answerSpan' | 'supports'> {
  return {
    marker,
    documentId: chunk.documentId,
    documentTitle: chunk.documentTitle,
    chunkId: chunk.id,
    headingPath: chunk.headingPath,
    quote: chunk.text.slice(quoteSpan.start, quoteSpan.end),
    sourceSpan: { start: chunk.span.start + quoteSpan.start, end: chunk.span.start + quoteSpan.end },
  }
}

/**
 * Holds a citation against the stored text of its document. Verified means: the quote stands, character for
 * character, at its place on the page it names, and carries the statement.
 */
export function verifyCitation({ supports, ...draft }: CitationDraft, pages: readonly PageText[]): Citation {
  const { start, end } = draft.sourceSpan
  const page = pages.find(({ span }) => span.start <= start && end <= span.end)
  const found = page?.text.slice(start - page.span.start, end - page.span.start) === draft.quote
  return { ...draft, page: page?.page ?? null, verified: found && draft.quote !== '' && supports }
}
