import { createHash } from 'node:crypto'
import type { Embedder } from '../../src/core/ports.js'
import { terms } from '../../src/core/terms.js'

const dimensions = 256

/** An embedder without a model: texts that share words point the same way. Deterministic, for tests of what is around it. */
export function wordEmbedder(given: Partial<Embedder> = {}): Embedder {
  return {
    modelId: 'words',
    fingerprint: 'words-256',
    dimensions,
    maxTokens: 512,
    languages: ['zh', 'en'],
    embed: async (texts, { signal }) => {
      signal?.throwIfAborted()
      return texts.map(embed)
    },
    countTokens: async (texts) => texts.map((text) => [...text].length + 2),
    close: async () => undefined,
    ...given,
  }
}

function embed(text: string): Float32Array {
  const vector = new Float32Array(dimensions)
  for (const term of terms(text)) {
    const index = createHash('md5').update(term).digest()[0] ?? 0
    vector[index] = (vector[index] ?? 0) + 1
  }
  const norm = Math.hypot(...vector)
  if (norm === 0) vector[0] = 1
  return norm === 0 ? vector : vector.map((value) => value / norm)
}
