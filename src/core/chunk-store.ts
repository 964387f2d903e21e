import type { TuneEvent, TuneOptions, VectorIndexState } from './tuning.js'
import type { Chunk, Embedding } from './types.js'

/** A chunk as found by one list; `score` is higher for better. */
export interface ScoredChunk {
  chunk: Chunk
  score: number
}

/** A chunk as found by its words, with its vector: how near it is to a question can be told without another search. */
export interface MatchedChunk extends ScoredChunk {
  embedding: Embedding
}

/** One state of a document. Revisions of a document count up from 1. */
export interface DocumentRevision {
  documentId: string
  revision: number
}

/** Revisions of a document that nobody is shown: those up to `latest`, but for `current`. */
export interface StaleRevisions {
  documentId: string
  /** 0 when none is shown. */
  current: number
  latest: number
}

/** All chunks of one revision of a document; `embeddings[i]` belongs to `chunks[i]`. */
export interface DocumentChunks {
  documentId: string
  chunks: readonly Chunk[]
  embeddings: readonly Embedding[]
}

/** Documents of one knowledge base that a search may look at. */
export interface DocumentSelection {
  /** `only`: the listed ones; `except`: all but the listed ones. The shorter of the two lists is given. */
  mode: 'only' | 'except'
  documentIds: readonly string[]
  /** How many chunks that leaves. */
  chunkCount: number
}

/**
 * What a chunk must hold and must not, in its text, the header row of its table, its headings or its document's title.
 * Case, widths, and traditional and simplified characters make no difference; Latin words are whole words.
 */
export interface WordConditions {
  /** All of them must be there, each as it stands. */
  phrases: string[]
  /** None of them may be there. */
  excluded: string[]
  /** All of them must be in the document's title or in a heading above the chunk. */
  titles: string[]
}

export interface ChunkSearchOptions {
  limit: number
  /** All documents when null or left out. What is left out is not looked at, rather than dropped from what was found. */
  documents?: DocumentSelection | null | undefined
  /** As `documents`: a condition of the search. */
  words?: WordConditions | undefined
}

/** How much there is to store at the moment. */
export type ServicePace = 'busy' | 'quiet' | 'idle'

/** Chunks, vectors and full text of one knowledge base. */
export interface ChunkStore {
  knowledgeBaseId: string
  /**
   * Adds revisions of documents beside those that it has, or anew; they are on disk when the promise resolves. Many chunks
   * come part by part. Whoever searches looks at the revision: the catalogue says which one is a document's.
   */
  putRevisions(documents: readonly DocumentChunks[]): Promise<void>
  /** Removes the chunks of revisions that nobody is shown. */
  dropRevisions(stale: readonly StaleRevisions[]): Promise<void>
  /** Removes all revisions. */
  deleteDocument(documentId: string): Promise<void>
  /** The `limit` chunks nearest by cosine, best first; `score` is the cosine. */
  searchDense(vector: Embedding, options: ChunkSearchOptions): Promise<ScoredChunk[]>
  /** The `limit` best chunks by BM25, best first. */
  searchLexical(text: string, options: ChunkSearchOptions): Promise<MatchedChunk[]>
  /** Chunks of a revision in order: all of them, or those whose index is within the range, both ends included. */
  listChunks(document: DocumentRevision, range?: { first: number; last: number }): Promise<Chunk[]>
  /** Of all revisions. */
  countChunks(): Promise<number>
  /**
   * Folds small fragments and brings the indexes up to date when enough has changed to pay for it: it writes the whole
   * table anew. While the service is `busy` with documents of the table only when searches would suffer much until
   * those have come; when it is `quiet` (the default) as usual; when it has been `idle` for a while, for little.
   */
  maintain(options?: { force?: boolean; service?: ServicePace }): Promise<void>
  stats(): Promise<ChunkStoreStats>
  /**
   * Measures the vector index against exact search and keeps the cheapest settings that reach the target, also over a
   * restart, until the index is trained anew. Without an index it ends at once: every search is exact then.
   */
  tune(options?: TuneOptions): AsyncIterable<TuneEvent>
}

export interface ChunkStoreStats {
  chunks: number
  fragments: number
  versions: number
  /** Rows outside the full-text index; they are searched all the same. */
  unindexedRows: number
  sizeBytes: number
  /** Null when vectors are searched exactly. */
  vectorIndex: VectorIndexState | null
}

/** Opens the chunk stores of a home, one per knowledge base. */
export interface ChunkStores {
  /**
   * @throws InkstoneError `embedding_mismatch` when the table was built with another fingerprint,
   *   `store_corrupt` when the table cannot be opened
   */
  open(knowledgeBaseId: string): Promise<ChunkStore>
  drop(knowledgeBaseId: string): Promise<void>
  close(): Promise<void>
}
