import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Hit } from '../../src/core/types.js'
import { bindCitations } from '../../src/generate/cite.js'
import { settleMarkers } from '../../src/generate/markers.js'
import { makeChunk } from './chunks.js'

const pairSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** Whether the source says what the answer says. */
  right: z.boolean(),
  answer: z.string(),
  source: z.string(),
  title: z.string().default(''),
  headings: z.array(z.string()).default([]),
})

export type CitationPair = z.infer<typeof pairSchema>

/** Answers with the source they cite, written by hand: right ones, and ones that are wrong in one thing. */
export function citationPairs(name: 'citations' | 'citations-held-out'): CitationPair[] {
  const lines = readFileSync(new URL(`../generate/cases/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => pairSchema.parse(JSON.parse(line)))
}

/** Whether the checker finds fault with any citation of the answer, or with an answer that ends up without one. */
export function isFlagged({ answer, source, title, headings }: CitationPair): boolean {
  const chunk = makeChunk({ text: source, documentTitle: title, headingPath: headings })
  const hit: Hit = { rank: 1, score: 1, signals: { dense: 1, lexical: 1, fused: 1, rerank: null }, chunk }
  const drafts = bindCitations(settleMarkers(answer, { passageCount: 1 }).text, [hit])
  return drafts.length === 0 || drafts.some(({ supports }) => !supports)
}

/** Precision and recall of flagging wrong answers. */
export function flaggingOf(pairs: readonly CitationPair[]): {
  precision: number
  recall: number
  mistaken: CitationPair[]
} {
  const flagged = pairs.filter(isFlagged)
  const caught = flagged.filter(({ right }) => !right).length
  const wrong = pairs.filter(({ right }) => !right).length
  const mistaken = pairs.filter((pair) => flagged.includes(pair) === pair.right)
  return { precision: caught / Math.max(1, flagged.length), recall: caught / Math.max(1, wrong), mistaken }
}
