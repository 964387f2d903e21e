import type { ScoredChunk } from '../core/chunk-store.js'
import type { Hit } from '../core/types.js'

export interface Lists {
  dense: readonly ScoredChunk[]
  lexical: readonly ScoredChunk[]
}

/**
 * Fuses the dense and the lexical list into one ranking: a convex combination of standard scores (score minus mean, in
 * standard deviations, over all candidates). A chunk that the lexical list does not hold has a BM25 score between none
 * and the list's lowest: the middle is taken. The dense list is meant to hold all (see `withCosines`); its lowest
 * stands in for what it does not. Each list has a share by how far its best chunk stands out from the rest, which is what a list that knows the
 * answer looks like; see `denseShare`. Reciprocal rank fusion was measured to fall below BM25 alone where the vectors
 * are weak, this was not: see docs/benchmarks.md.
 * @param lists best first, scores higher for better
 * @param denseTrust what the dense list's share is multiplied by, 0 or more: less than 1 where the embedding model does
 *   not know the language; the share is 1 at most
 * @returns hits best first, ranks from 1; `score` and `signals.fused` are the combination as a logistic value, 0 to 1,
 *   .5 for an average candidate
 */
export function fuse(
  lists: Lists,
  { denseTrust, limit = Number.POSITIVE_INFINITY }: { denseTrust: number; limit?: number },
): Hit[] {
  const chunks = new Map([...lists.dense, ...lists.lexical].map(({ chunk }) => [chunk.id, chunk]))
  const dense = standardise(lists.dense, [...chunks.keys()], { absent: (lowest) => lowest })
  const lexical = standardise(lists.lexical, [...chunks.keys()], { absent: (lowest) => lowest / 2 })
  const share = Math.min(1, denseTrust * denseShare(dense.highest, lexical.highest))
  return [...chunks.values()]
    .map((chunk) => {
      const combined = share * dense.of(chunk.id) + (1 - share) * lexical.of(chunk.id)
      const fused = 1 / (1 + Math.exp(-combined))
      const signals = { dense: dense.score(chunk.id), lexical: lexical.score(chunk.id), fused, rerank: null }
      return { chunk, combined, signals }
    })
    .sort((a, b) => b.combined - a.combined || compareIds(a.chunk.id, b.chunk.id))
    .slice(0, limit)
    .map(({ chunk, signals }, index) => ({ rank: index + 1, score: signals.fused, signals, chunk }))
}

/** Shares in the proportion of the two lists' best standard scores; a list of equals, or an empty one, has none. */
function denseShare(highestDense: number, highestLexical: number): number {
  const both = highestDense + highestLexical
  return both === 0 ? 0.5 : highestDense / both
}

/** A list's standard scores over all candidates; `absent` gives the score of what the list does not hold. */
function standardise(
  list: readonly ScoredChunk[],
  candidates: readonly string[],
  { absent }: { absent(lowest: number): number },
) {
  const scores = new Map(list.map(({ chunk, score }) => [chunk.id, score]))
  const rest = absent(list.reduce((least, { score }) => Math.min(least, score), Number.POSITIVE_INFINITY))
  const values = candidates.map((id) => scores.get(id) ?? rest)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  // Equals differ by rounding at most: that must not be stretched to a difference.
  const isFlat = list.length === 0 || !(deviation > 1e-9 * Math.max(1, Math.abs(mean)))
  const standard = (value: number) => (isFlat ? 0 : (value - mean) / deviation)
  return {
    score: (id: string) => scores.get(id) ?? null,
    of: (id: string) => standard(scores.get(id) ?? rest),
    highest: Math.max(0, ...values.map(standard)),
  }
}

/** Ties are broken by id so that the same question always gives the same order. */
function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
