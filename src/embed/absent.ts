import type { InkstoneError } from '../core/errors.js'
import type { Embedder } from '../core/ports.js'

/** Stands in for an embedder that could not be opened: whatever needs no vectors still works. @throws `problem`, from each use */
export function absentEmbedder({ modelId, problem }: { modelId: string; problem: InkstoneError }): Embedder {
  const refuse = () => Promise.reject(problem)
  return {
    modelId,
    fingerprint: 'none',
    dimensions: 0,
    maxTokens: 0,
    languages: [],
    embed: refuse,
    countTokens: refuse,
    close: async () => undefined,
  }
}
