import type { Embedder } from './ports.js'

/** As much of a question's beginning as the embedding model reads. The rest of it counts by its words only. */
export async function clipToModel(question: string, embedder: Embedder): Promise<string> {
  let text = question
  for (;;) {
    const [tokens = 0] = await embedder.countTokens([text])
    if (tokens <= embedder.maxTokens) return text
    text = text.slice(0, Math.floor((text.length * embedder.maxTokens * 0.95) / tokens))
  }
}
