import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Hit } from '../../src/core/types.js'
import { bindCitations } from '../../src/generate/cite.js'
import { settleMarkers } from '../../src/generate/markers.js'
import { makeChunk } from './chunks.js'

const pairSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** Whether the source says what the answer says; of several sources, whether they do together and each says a part. */
  right: z.boolean(),
  answer: z.string(),
  source: z.string(),
  title: z.string().default(''),
  headings: z.array(z.string()).default([]),
})
const severalSchema = pairSchema
  .omit({ source: true, title: true, headings: true })
  .extend({ sources: z.array(z.strictObject({ title: z.string(), text: z.string() })).min(2) })

/** An answer with the passages that it cites. */
export interface CitationCase extends Pick<z.infer<typeof pairSchema>, 'id' | 'kind' | 'right' | 'answer'> {
  sources: { title: string; text: string; headings?: string[] }[]
}

/** Answers with the source they cite, written by hand: right ones, and ones that are wrong in one thing. */
export function citationPairs(name: 'citations' | 'citations-held-out' | 'citations-several'): CitationCase[] {
  const lines = readFileSync(new URL(`../generate/cases/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  if (name === 'citations-several') return lines.map((line) => severalSchema.parse(line))
  return lines.map((line) => {
    const { source, title, headings, ...pair } = pairSchema.parse(line)
    return { ...pair, sources: [{ title, text: source, headings }] }
  })
}

/** Whether the checker finds fault with any citation of the answer, or with an answer that ends up without one. */
export function isFlagged({ answer, sources }: CitationCase): boolean {
  const hits = sources.map(({ title, text, headings = [] }): Hit => {
    const chunk = makeChunk({ text, documentTitle: title, headingPath: headings })
    return { rank: 1, score: 1, signals: { dense: 1, lexical: 1, fused: 1, rerank: null }, chunk }
  })
  const drafts = bindCitations(settleMarkers(answer, { passageCount: hits.length }).text, hits)
  return drafts.length === 0 || drafts.some(({ supports }) => !supports)
}

/** Precision and recall of flagging wrong answers. */
export function flaggingOf(pairs: readonly CitationCase[]): {
  precision: number
  recall: number
  mistaken: CitationCase[]
} {
  const flagged = pairs.filter(isFlagged)
  const caught = flagged.filter(({ right }) => !right).length
  const wrong = pairs.filter(({ right }) => !right).length
  const mistaken = pairs.filter((pair) => flagged.includes(pair) === pair.right)
  return { precision: caught / Math.max(1, flagged.length), recall: caught / Math.max(1, wrong), mistaken }
}
