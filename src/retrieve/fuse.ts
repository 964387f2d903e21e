import type { ScoredChunk } from '../core/ports.js'
import type { Hit } from '../core/types.js'

/**
 * Fuses the dense and the lexical list into one ranking: a convex combination of scores, each normalised over its own
 * list by minimum and maximum (Bruch, Gai, Ingber: "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
 * A chunk that a list does not hold gets that list's minimum. Reciprocal rank fusion was measured to fall below BM25
 * alone where the vectors are weak, this was not.
 * @param lists best first, scores higher for better
 * @param denseWeight share of the dense list, 0 to 1
 * @returns hits best first, ranks from 1, `score` and `signals.fused` between 0 and 1
 */
export function fuse(
  lists: { dense: readonly ScoredChunk[]; lexical: readonly ScoredChunk[] },
  { denseWeight, limit = Number.POSITIVE_INFINITY }: { denseWeight: number; limit?: number },
): Hit[] {
  const dense = normalise(lists.dense)
  const lexical = normalise(lists.lexical)
  const chunks = new Map([...lists.dense, ...lists.lexical].map(({ chunk }) => [chunk.id, chunk]))
  return [...chunks.values()]
    .map((chunk) => {
      const inDense = dense.get(chunk.id)
      const inLexical = lexical.get(chunk.id)
      const fused = denseWeight * (inDense?.normalised ?? 0) + (1 - denseWeight) * (inLexical?.normalised ?? 0)
      return {
        chunk,
        signals: { dense: inDense?.score ?? null, lexical: inLexical?.score ?? null, fused, rerank: null },
      }
    })
    .sort((a, b) => b.signals.fused - a.signals.fused || compareIds(a.chunk.id, b.chunk.id))
    .slice(0, limit)
    .map(({ chunk, signals }, index) => ({ rank: index + 1, score: signals.fused, signals, chunk }))
}

function normalise(list: readonly ScoredChunk[]): Map<string, { score: number; normalised: number }> {
  const scores = list.map(({ score }) => score)
  const minimum = Math.min(...scores)
  const range = Math.max(...scores) - minimum
  return new Map(
    list.map(({ chunk, score }) => [chunk.id, { score, normalised: range > 0 ? (score - minimum) / range : 1 }]),
  )
}

/** Ties are broken by id so that the same question always gives the same order. */
function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
