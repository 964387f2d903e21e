import type { Embedder } from '../core/ports.js'
import type { Embedding } from '../core/types.js'
import type { PreparedChunk } from './chunk/chunk.js'

/** A chunk without the text that was embedded, which is larger than the chunk itself where columns are named. */
export type EmbeddedChunk = Pick<PreparedChunk, 'draft' | 'tokenCount'>

export interface EmbeddedChunks {
  chunks: EmbeddedChunk[]
  /** `embeddings[i]` belongs to `chunks[i]`. */
  embeddings: Embedding[]
}

/** Batches with the embedder at a time: while one is finished, the next already keeps its workers busy. */
const batchesAhead = 2

/**
 * Embeds chunks while the next ones are being cut. No more than a few batches are under way, and order is kept.
 * @param onEmbedded called after each batch with the last chunk of it
 * @throws InkstoneError of the embedder, and what `batches` throws
 */
export async function embedChunks(
  batches: AsyncIterable<PreparedChunk[]>,
  {
    embedder,
    signal,
    onEmbedded,
  }: { embedder: Pick<Embedder, 'embed'>; signal: AbortSignal; onEmbedded(last: EmbeddedChunk): void },
): Promise<EmbeddedChunks> {
  const chunks: EmbeddedChunk[] = []
  const embeddings: Embedding[] = []
  const underWay: { batch: PreparedChunk[]; embedded: Promise<Embedding[]> }[] = []
  const settleOldest = async () => {
    const oldest = underWay.shift()
    if (oldest === undefined) return
    embeddings.push(...(await oldest.embedded))
    const last = oldest.batch.at(-1)
    if (last !== undefined) onEmbedded(last)
  }
  for await (const batch of batches) {
    for (const { draft, tokenCount } of batch) chunks.push({ draft, tokenCount })
    const texts = batch.map(({ embedText }) => embedText)
    const embedded = embedder.embed(texts, { task: 'document', signal })
    // Whoever fails first is heard where it is waited for; the others must not end the process.
    embedded.catch(() => undefined)
    underWay.push({ batch, embedded })
    if (underWay.length >= batchesAhead) await settleOldest()
  }
  while (underWay.length > 0) await settleOldest()
  return { chunks, embeddings }
}
