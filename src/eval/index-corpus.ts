import type { ChunkStore, DocumentChunks } from '../core/chunk-store.js'
import type { Embedder } from '../core/ports.js'
import type { Chunk } from '../core/types.js'
import type { Passage } from './beir.js'
import type { EmbeddedPiece, PassageCache } from './passage-cache.js'

/** A piece of a passage as the ingest would cut it, with what is embedded for it. */
export interface CutPiece extends Omit<EmbeddedPiece, 'vector'> {
  embedText: string
}

export interface CorpusParts {
  store: ChunkStore
  embedder: Pick<Embedder, 'embed'>
  cache: PassageCache
  /** The pieces of each passage, in order, each short enough for the embedding model. */
  cut(passages: readonly Passage[]): Promise<CutPiece[][]>
  signal: AbortSignal
  onProgress(progress: { stage: 'ingesting' | 'indexing'; passages: number }): void
}

export interface IndexedCorpus {
  chunks: number
  /** Passages that were not in the cache, and the time it took to embed them. */
  embedded: number
  embedSeconds: number
  /** Time for writing the table and building its indexes. */
  indexSeconds: number
}

const passagesPerCommit = 2_000
/** What a run loses when it is stopped. */
const passagesPerEmbedding = 64

/** The knowledge base and revision of every chunk of an evaluated corpus; the document's id is the passage's. */
export const corpusRevision = 1
const corpusId = 'eval'

/**
 * Brings a corpus into a chunk store as an ingest would: a document for each passage. No more than a few thousand
 * passages are held at a time.
 * @throws InkstoneError `cancelled`, those of embedder and store
 */
export async function indexCorpus(passages: AsyncIterable<Passage>, parts: CorpusParts): Promise<IndexedCorpus> {
  const { store, signal, onProgress } = parts
  const total: IndexedCorpus = { chunks: 0, embedded: 0, embedSeconds: 0, indexSeconds: 0 }
  let stored = 0
  for await (const batch of inBatches(passages, passagesPerCommit)) {
    const documents: DocumentChunks[] = []
    for await (const part of inBatches(batch, passagesPerEmbedding)) {
      signal.throwIfAborted()
      const started = performance.now()
      const { embedded, pieces } = await embedPassages(part, parts)
      if (embedded > 0) total.embedSeconds += (performance.now() - started) / 1000
      total.embedded += embedded
      for (const [index, passage] of part.entries()) documents.push(documentOf(passage, pieces[index] ?? []))
      onProgress({ stage: 'ingesting', passages: stored + documents.length })
    }
    const started = performance.now()
    await store.putRevisions(documents)
    total.indexSeconds += (performance.now() - started) / 1000
    total.chunks += documents.reduce((sum, { chunks }) => sum + chunks.length, 0)
    stored += batch.length
  }
  signal.throwIfAborted()
  onProgress({ stage: 'indexing', passages: stored })
  const started = performance.now()
  await store.maintain({ force: true })
  total.indexSeconds += (performance.now() - started) / 1000
  return total
}

async function embedPassages(
  passages: readonly Passage[],
  { cache, cut, embedder, signal }: CorpusParts,
): Promise<{ embedded: number; pieces: EmbeddedPiece[][] }> {
  const known = await Promise.all(passages.map((passage) => cache.get(passage)))
  const missing = passages.filter((_, index) => known[index] === null)
  if (missing.length === 0) return { embedded: 0, pieces: known.map((pieces) => pieces ?? []) }
  const cutPieces = await cut(missing)
  const texts = cutPieces.flat().map(({ embedText }) => embedText)
  const vectors = await embedder.embed(texts, { task: 'document', signal })
  let next = 0
  const entries = missing.map((passage, index) => ({
    passage,
    pieces: (cutPieces[index] ?? []).map(({ start, end, tokenCount }) => {
      const vector = vectors[next++] ?? new Float32Array()
      return { start, end, tokenCount, vector }
    }),
  }))
  await cache.put(entries)
  const made = new Map(entries.map(({ passage, pieces }) => [passage, pieces]))
  return {
    embedded: missing.length,
    pieces: passages.map((passage, index) => known[index] ?? made.get(passage) ?? []),
  }
}

function documentOf(passage: Passage, pieces: readonly EmbeddedPiece[]): DocumentChunks {
  return {
    documentId: passage.id,
    chunks: pieces.map((piece, index) => chunkOf(passage, piece, index)),
    embeddings: pieces.map(({ vector }) => vector),
  }
}

function chunkOf({ id, title, text }: Passage, { start, end, tokenCount }: EmbeddedPiece, index: number): Chunk {
  return {
    id: `${id}#${index}`,
    knowledgeBaseId: corpusId,
    documentId: id,
    revision: corpusRevision,
    documentTitle: title,
    index,
    text: text.slice(start, end),
    span: { start, end },
    page: null,
    headingPath: [],
    kind: 'paragraph',
    tableHeader: null,
    tokenCount,
  }
}

async function* inBatches<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
