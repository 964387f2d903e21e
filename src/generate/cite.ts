import { sentenceSpans } from '../core/sentences.js'
import { contentTerms, terms } from '../core/terms.js'
import type { Chunk, Citation, Hit, PageText, Span, WideHit } from '../core/types.js'

/** A citation that has not been held against the stored text yet. */
export type CitationDraft = Omit<Citation, 'verified' | 'page'> & {
  /** Whether the quote carries the statement, judged by its words and numbers. */
  supports: boolean
}

const markerPattern = /\s?(?:\[(\d{1,3})\]|【(\d{1,3})】)/g

/** Markers such as `[2]` in a text, in order. */
function findMarkers(text: string): { number: number; span: Span }[] {
  return [...text.matchAll(markerPattern)].map((match) => ({
    number: Number(match[1] ?? match[2]),
    span: { start: match.index, end: match.index + match[0].length },
  }))
}

/** Removes the markers that name no passage. Returns how many were invented. */
export function dropInventedMarkers(text: string, passageCount: number): { text: string; dropped: number } {
  const invented = findMarkers(text).filter(({ number }) => number < 1 || number > passageCount)
  const kept = invented.reduceRight((rest, { span }) => rest.slice(0, span.start) + rest.slice(span.end), text)
  return { text: kept, dropped: invented.length }
}

/**
 * Binds each marker of an answer to the sentence it stands behind and to the part of its passage that supports that
 * sentence best.
 * @param cited marker `n` is `cited[n - 1]`; markers without a passage are passed over
 */
export function bindCitations(text: string, cited: readonly (Hit & Partial<WideHit>)[]): CitationDraft[] {
  return findMarkers(text).flatMap(({ number, span }) => {
    const hit = cited[number - 1]
    if (!hit) return []
    const answerSpan = statementBefore(text, span.start)
    const statement = text.slice(answerSpan.start, answerSpan.end).replace(markerPattern, '')
    const { quoteSpan, supports } = supportingQuote(statement, hit.chunk)
    const citation = cite(number, hit.chunk, quoteSpan)
    return [{ ...citation, chunkId: partAt(citation.sourceSpan.start, hit).id, answerSpan, supports }]
  })
}

/** The chunk of a passage in which a place of the document stands; of two that share it, the one that goes on. */
function partAt(start: number, { chunk, parts = [] }: Hit & Partial<WideHit>): Chunk {
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

/** The sentence that ends where a marker stands. A marker behind the full stop belongs to the sentence before it. */
function statementBefore(text: string, markerStart: number): Span {
  const sentences = sentenceSpans(text)
  const holding = sentences.find(({ start, end }) => start < markerStart && markerStart <= end)
  const before = holding ?? sentences.findLast(({ end }) => end <= markerStart)
  if (!before) return { start: 0, end: markerStart }
  const startsWithMarkers = text.slice(before.start, markerStart).replace(markerPattern, '').trim() === ''
  const previous = startsWithMarkers ? sentences.findLast(({ end }) => end <= before.start) : undefined
  return previous ?? before
}

/** Longest quote in sentences: a statement sometimes sums up two. */
const quoteSentences = 2
const leastCoverage = 0.4

function supportingQuote(statement: string, chunk: Chunk): { quoteSpan: Span; supports: boolean } {
  const sentences = sentenceSpans(chunk.text).filter(
    ({ start, end }) => !chunk.headingPath.includes(chunk.text.slice(start, end)),
  )
  const wanted = contentTerms(statement)
  let best = { quoteSpan: sentences[0] ?? { start: 0, end: chunk.text.length }, coverage: -1 }
  for (let length = 1; length <= quoteSentences; length++) {
    const single = best.coverage
    for (let from = 0; from + length <= sentences.length; from++) {
      const quoteSpan = { start: sentences[from]?.start ?? 0, end: sentences[from + length - 1]?.end ?? 0 }
      const coverage = share(wanted, terms(chunk.text.slice(quoteSpan.start, quoteSpan.end)))
      // A longer quote has to earn its length.
      if (coverage > best.coverage && (length === 1 || coverage > single + 0.1)) best = { quoteSpan, coverage }
    }
  }
  const source = [chunk.documentTitle, ...chunk.headingPath, chunk.text.slice(best.quoteSpan.start, best.quoteSpan.end)]
  return {
    quoteSpan: best.quoteSpan,
    supports: best.coverage >= leastCoverage && holdsNumbers(statement, source.join(' ')),
  }
}

function share(wanted: readonly string[], given: readonly string[]): number {
  const found = new Set(given)
  return wanted.length === 0 ? 0 : wanted.filter((term) => found.has(term)).length / wanted.length
}

const numberPattern = /\d+(?:[.,]\d+)*/g

/** Every number of the statement must stand in the source: a changed digit is the mistake that matters most. */
function holdsNumbers(statement: string, source: string): boolean {
  const given = new Set(source.normalize('NFKC').match(numberPattern))
  return (statement.normalize('NFKC').match(numberPattern) ?? []).every((number) => given.has(number))
}
