import { clipToModel } from '../core/clip.js'
import type { Embedder } from '../core/ports.js'
import { sentenceSpans } from '../core/sentences.js'
import { contentTerms, terms } from '../core/terms.js'
import type { Embedding, Hit, Span } from '../core/types.js'
import { type CitationDraft, cite } from './cite.js'

/** A sentence, table row or list item of a passage that may answer the question. */
interface Extract {
  hit: Hit
  /** Within the chunk's text. */
  span: Span
  text: string
  /** The header of the table that a row belongs to. */
  tableHeader: string | null
  /** The line that leads up to it: a question of a list of such, a caption, an introduction ending in a colon. */
  lead: string | null
  score: number
}

const passagesRead = 6
/** Sentences compared by meaning; the others are out by their words already. */
const comparedByMeaning = 24
const mostQuotes = 3
/** Further quotes must be nearly as good as the best one. */
const leastShareOfBest = 0.85

/**
 * Answers without a language model: the sentences and table rows that fit the question best, verbatim, each cited.
 * @returns Markdown and one citation for each quote; null when no passage holds a sentence
 */
export async function extractAnswer(
  question: string,
  hits: readonly Hit[],
  { embedder, signal }: { embedder: Embedder; signal?: AbortSignal },
): Promise<{ text: string; citations: CitationDraft[] } | null> {
  const byWords = rankByWords(question, hits.slice(0, passagesRead)).slice(0, comparedByMeaning)
  if (byWords.length === 0) return null
  const asking = await clipToModel(question, embedder)
  const [asked, ...vectors] = await embedder.embed([asking, ...byWords.map(inContext)], {
    task: 'query',
    ...(signal ? { signal } : {}),
  })
  const ranked = byWords
    .map((extract, index) => ({ ...extract, score: extract.score + cosine(asked, vectors[index]) }))
    .sort((a, b) => b.score - a.score)
  return compose(chooseQuotes(ranked))
}

function rankByWords(question: string, hits: readonly Hit[]): Extract[] {
  const wanted = [...new Set(contentTerms(question))]
  return hits
    .flatMap((hit) => extractsOf(hit))
    .map((extract) => ({ ...extract, score: wordScore(wanted, extract) }))
    .sort((a, b) => b.score - a.score)
}

function extractsOf(hit: Hit): Extract[] {
  const { text, headingPath, documentTitle, tableHeader } = hit.chunk
  const headings = new Set([documentTitle, ...headingPath].map((heading) => heading.trim()))
  const sentences = sentenceSpans(text).map((span) => ({ span, text: text.slice(span.start, span.end) }))
  let header = tableHeader
  let lead: string | null = null
  const extracts: Extract[] = []
  for (const [index, { span, text: sentence }] of sentences.entries()) {
    const isRow = isTableRow(sentence)
    if (!isRow) header = null
    if (isRow && header === null) header = sentence
    else if (headings.has(sentence)) lead = null
    else if (leadsUp(sentence, sentences[index + 1]?.text)) lead = sentence
    else if (sentence.length >= 4) extracts.push({ hit, span, text: sentence, tableHeader: header, lead, score: 0 })
  }
  return extracts
}

function isTableRow(line: string): boolean {
  return line.includes(' | ')
}

/** Whether a line answers nothing itself but says what the next one is about. */
function leadsUp(line: string, next: string | undefined): boolean {
  if (/[？?：:]$/.test(line)) return true
  return !isTableRow(line) && next !== undefined && isTableRow(next) && !/[。.；;]$/.test(line)
}

/** Words in the sentence count whole; words that only its surroundings hold count half. */
function wordScore(wanted: readonly string[], extract: Extract): number {
  const { hit, text } = extract
  const inSentence = new Set(terms(text))
  const around = new Set(terms([hit.chunk.documentTitle, ...hit.chunk.headingPath, ...contextOf(extract)].join('\n')))
  const points = wanted.map((term) => (inSentence.has(term) ? 1 : around.has(term) ? 0.5 : 0))
  const coverage = points.reduce<number>((total, point) => total + point, 0) / (wanted.length || 1)
  return coverage + 0.5 * hit.score
}

/** What a sentence needs beside it to be understood. */
function contextOf({ hit, tableHeader, lead }: Extract): string[] {
  const heading = hit.chunk.headingPath.at(-1) ?? hit.chunk.documentTitle
  return [heading, lead, tableHeader].filter((text) => text !== null)
}

function inContext(extract: Extract): string {
  return [...contextOf(extract), extract.text].join(' ').slice(0, 300)
}

function cosine(a: Embedding | undefined, b: Embedding | undefined): number {
  if (!a || !b) return 0
  return a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0)
}

function chooseQuotes(ranked: readonly Extract[]): Extract[] {
  const least = (ranked[0]?.score ?? 0) * leastShareOfBest
  const chosen: Extract[] = []
  for (const extract of ranked) {
    if (chosen.length === mostQuotes || extract.score < least) break
    if (!chosen.some((other) => saysTheSame(other.text, extract.text))) chosen.push(extract)
  }
  return chosen
}

function saysTheSame(a: string, b: string): boolean {
  const inA = new Set(terms(a))
  const inB = terms(b)
  return inB.filter((term) => inA.has(term)).length > 0.8 * Math.max(inA.size, inB.length)
}

function compose(quotes: readonly Extract[]): { text: string; citations: CitationDraft[] } {
  let text = ''
  const citations: CitationDraft[] = []
  for (const [index, { hit, span, text: quote, tableHeader }] of quotes.entries()) {
    if (index > 0) text += '\n\n'
    if (tableHeader !== null) text += tableHead(tableHeader)
    const start = text.length
    text += tableHeader === null ? quote : `| ${quote} |`
    citations.push({ ...cite(index + 1, hit.chunk, span), answerSpan: { start, end: text.length }, supports: true })
    text += tableHeader === null ? ` [${index + 1}]` : `\n\n[${index + 1}]`
  }
  return { text, citations }
}

function tableHead(header: string): string {
  const columns = header.split(' | ').length
  return `| ${header} |\n|${' --- |'.repeat(columns)}\n`
}
