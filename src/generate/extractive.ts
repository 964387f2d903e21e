import { languageOf } from '../core/language.js'
import type { Document } from '../core/types.js'
import { askedFor } from './asked.js'
import { chooseQuotes, mostQuotes } from './choose-quotes.js'
import { type CitationDraft, cite } from './cite.js'
import { otherValue } from './disagreement.js'
import { documentDate } from './document-date.js'
import { messages } from './messages.js'
import type { RankedExtract } from './rank-extracts.js'

/** Facts of the documents that disagree, by id; those that are gone are left out. */
type DocumentsOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, Pick<Document, 'metadata' | 'updatedAt'>>>

export interface ExtractedAnswer {
  text: string
  citations: CitationDraft[]
}

/**
 * Answers without a language model: the sentences, lists and table rows that fit the question best, verbatim, each cited.
 * Where another document gives another value, both are shown under the names and dates of their documents.
 * @param ranked best first
 * @returns Markdown and one citation for each quote; null when there is nothing to quote
 */
export async function extractAnswer(
  question: string,
  ranked: readonly RankedExtract[],
  { documentsOf }: { documentsOf: DocumentsOf },
): Promise<ExtractedAnswer | null> {
  const quotes = chooseQuotes(ranked)
  const [best] = quotes
  if (best === undefined) return null
  const other = otherValue(question, { asked: askedFor(question), ranked })
  if (other === null) return compose(byTable(quotes), () => '')
  const both = [best, quotes.find(({ hit, span }) => hit === other.hit && span === other.span) ?? other]
  const rest = quotes.filter((quote) => !both.includes(quote)).slice(0, mostQuotes - both.length)
  const ids = both.map(({ hit }) => hit.chunk.documentId)
  const documents = await documentsOf(ids)
  const language = languageOf(question)
  const composed = compose([...both, ...rest], (quote, index) => {
    if (index >= both.length) return ''
    const { documentId, documentTitle } = quote.hit.chunk
    const when = editionOf(documents.get(documentId))
    const source =
      language === 'zh' ? `《${documentTitle}》${when && `（${when}）`}：` : `${documentTitle}${when && ` (${when})`}:`
    return index === 0 ? `${messages[language].documents_differ}\n\n${source}\n\n` : `${source}\n\n`
  })
  return composed
}

/** The version that a document names itself by, and its date. */
function editionOf(document: Pick<Document, 'metadata' | 'updatedAt'> | undefined): string {
  if (document === undefined) return ''
  const version = ['version', '版本'].map((name) => document.metadata[name]).find((value) => value !== undefined)
  const named = typeof version === 'string' || typeof version === 'number' ? [String(version)] : []
  return [...named, documentDate(document)].join(', ')
}

/** Rows of one table stand together, where the first of them stands. */
function byTable(quotes: readonly RankedExtract[]): RankedExtract[] {
  const firstOf = (quote: RankedExtract) => quotes.findIndex((other) => other === quote || isSameTable(other, quote))
  return quotes
    .map((quote, index) => ({ quote, index, first: firstOf(quote) }))
    .sort((a, b) => a.first - b.first || a.index - b.index)
    .map(({ quote }) => quote)
}

function isSameTable(a: RankedExtract, b: RankedExtract): boolean {
  return a.tableHeader !== null && a.tableHeader === b.tableHeader && a.hit.chunk.documentId === b.hit.chunk.documentId
}

/** @param above what stands above a quote, such as the name of its document */
function compose(
  quotes: readonly RankedExtract[],
  above: (quote: RankedExtract, index: number) => string,
): ExtractedAnswer {
  let text = ''
  const citations: CitationDraft[] = []
  let rows: number[] = []
  for (const [index, quote] of quotes.entries()) {
    const { hit, span, text: said, tableHeader } = quote
    const before = quotes[index - 1]
    const source = above(quote, index)
    const goesOn = source === '' && before !== undefined && isSameTable(before, quote)
    if (index > 0) text += goesOn ? '\n' : '\n\n'
    text += source
    if (tableHeader !== null && !goesOn) text += tableHead(tableHeader)
    const start = text.length
    text += tableHeader === null ? said : `| ${said} |`
    citations.push({ ...cite(index + 1, hit.chunk, span), answerSpan: { start, end: text.length }, supports: true })
    if (tableHeader === null) {
      text += ` [${index + 1}]`
      continue
    }
    rows = goesOn ? [...rows, index + 1] : [index + 1]
    const next = quotes[index + 1]
    if (next === undefined || !isSameTable(quote, next) || above(next, index + 1) !== '') {
      text += `\n\n${rows.map((marker) => `[${marker}]`).join(' ')}`
    }
  }
  return { text, citations }
}

function tableHead(header: string): string {
  const columns = header.split(' | ').length
  return `| ${header} |\n|${' --- |'.repeat(columns)}\n`
}
