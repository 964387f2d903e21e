import { lineSpans, sentenceSpans } from '../core/sentences.js'
import type { Hit, Span } from '../core/types.js'

/** A sentence, table row, list item or list of a passage that may answer a question, verbatim. */
export interface Extract {
  hit: Hit
  /** Within the chunk's text. */
  span: Span
  text: string
  kind: 'sentence' | 'row' | 'list'
  /** The header of the table that a row belongs to. */
  tableHeader: string | null
  /** The line that leads up to it: a question of a list of such, a caption, an introduction ending in a colon. */
  lead: string | null
}

/** A longer list is not quoted whole; its items are. */
const longestList = 500

/** Everything of a passage that can be quoted, in order. Headings, captions and introductions are no answers themselves. */
export function extractsOf(hit: Hit): Extract[] {
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
    else if (leadsUp(sentence, sentences[index + 1]?.text)) {
      const list = listFrom(span, text)
      if (list)
        extracts.push({
          hit,
          span: list,
          text: text.slice(list.start, list.end),
          kind: 'list',
          tableHeader: null,
          lead,
        })
      lead = sentence
    } else if (sentence.length >= 4) {
      extracts.push({ hit, span, text: sentence, kind: isRow ? 'row' : 'sentence', tableHeader: header, lead })
    }
  }
  return extracts
}

/** What an extract needs beside it to be understood, outermost first. */
export function contextOf({ hit, tableHeader, lead }: Extract): string[] {
  const heading = hit.chunk.headingPath.at(-1) ?? hit.chunk.documentTitle
  return [heading, lead, tableHeader].filter((text) => text !== null)
}

function isTableRow(line: string): boolean {
  return line.includes(' | ')
}

/** Whether a line answers nothing itself but says what the next one is about. */
function leadsUp(line: string, next: string | undefined): boolean {
  if (/[？?：:]$/.test(line)) return true
  return !isTableRow(line) && next !== undefined && isTableRow(next) && !/[。.；;]$/.test(line)
}

const listItem = /^(?:[-*+•·]\s|\(?(?:\d{1,2}|[a-z])[.)、](?!\d)|（\d{1,2}）|[①-⑳])/

/** An introduction that ends in a colon, with the items below it; null when none are, or when they are many. */
function listFrom(lead: Span, text: string): Span | null {
  if (!/[：:]$/.test(text.slice(lead.start, lead.end))) return null
  let end: number | null = null
  let goesOn = false
  for (const line of lineSpans(text)) {
    if (line.start < lead.end) continue
    const item = text.slice(line.start, line.end)
    if (!listItem.test(item) && !goesOn && !(end === null && /[；;]$/.test(item))) break
    goesOn = /[；;]$/.test(item)
    end = line.end
  }
  return end === null || end - lead.start > longestList ? null : { start: lead.start, end }
}
