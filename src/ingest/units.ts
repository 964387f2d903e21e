import { lineSpans, sentenceSpans } from '../core/sentences.js'
import type { BlockKind, DocumentText, PlacedBlock, Span } from '../core/types.js'

/** What a chunk is made of and never cut inside, unless it is longer than a chunk: a sentence, row, item, line or heading. */
export interface Unit {
  span: Span
  page: number | null
  kind: BlockKind
  headingPath: string[]
  /** Position of its block in the document. */
  block: number
  /** Depth of a heading; undefined for every other kind. */
  level?: number
}

/** The units of a document in order. Their spans cover every character that is not white space. */
export function splitUnits(document: DocumentText): Unit[] {
  return document.blocks.flatMap((block, index) => unitsOf(block, index))
}

/** The units of one block; `index` is its position in the document. */
export function unitsOf(block: PlacedBlock, index: number): Unit[] {
  const { kind, page, headingPath, level } = block
  return spansOf(block).map(({ start, end }) => ({
    span: { start: block.span.start + start, end: block.span.start + end },
    page,
    kind,
    headingPath,
    block: index,
    ...(level === undefined ? {} : { level }),
  }))
}

function spansOf({ kind, text }: PlacedBlock): Span[] {
  if (kind === 'heading') return wholeSpan(text)
  if (kind === 'table' || kind === 'list' || kind === 'code') return lineSpans(text)
  return sentenceSpans(text)
}

function wholeSpan(text: string): Span[] {
  const trimmed = text.trim()
  const start = text.indexOf(trimmed)
  return trimmed === '' ? [] : [{ start, end: start + trimmed.length }]
}

const boundaries = [/\n/g, /[。！？；.!?;]+["”’」』）)]*/g, /[，、：,:]["”’」』]*/g, /\s+/g]
/** A boundary counts when it leaves at least this share of the piece. */
const leastFilled = 0.5

/**
 * Cuts a text at its best boundaries into pieces of at most `maxCharacters`: at line ends, then sentences, clauses,
 * spaces, and between any two characters at last. A surrogate pair is never cut. The spans cover the text without a gap.
 */
export function cutText(text: string, maxCharacters: number): Span[] {
  const limit = Math.max(2, Math.floor(maxCharacters))
  const spans: Span[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + limit >= text.length ? text.length : start + bestCut(text.slice(start, start + limit))
    spans.push({ start, end })
    start = end
  }
  return spans
}

function bestCut(window: string): number {
  for (const boundary of boundaries) {
    let cut = 0
    for (const match of window.matchAll(boundary)) cut = match.index + match[0].length
    if (cut >= window.length * leastFilled) return cut
  }
  const isCutPair = /[\uD800-\uDBFF]$/.test(window)
  return isCutPair ? window.length - 1 : window.length
}
