import type { MatchedChunk, ScoredChunk } from '../core/chunk-store.js'
import type { Embedding } from '../core/types.js'

/**
 * The dense list with the chunks that only the words have found, each with its own cosine. Without them, the fusion
 * would take all of these for as near as the last of the dense list, the farthest among them too.
 * @param dense scored by cosine
 * @param vector of the question, L2-normalised as those of the chunks are
 * @returns best first
 */
export function withCosines(
  dense: readonly ScoredChunk[],
  lexical: readonly MatchedChunk[],
  vector: Embedding,
): ScoredChunk[] {
  const near = new Set(dense.map(({ chunk }) => chunk.id))
  const others = lexical
    .filter(({ chunk }) => !near.has(chunk.id))
    .map(({ chunk, embedding }) => ({ chunk, score: dot(embedding, vector) }))
  return [...dense, ...others].sort((a, b) => b.score - a.score)
}

function dot(a: Embedding, b: Embedding): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}
