import type { Catalogue, ChunkStore, Embedder } from './core/ports.js'
import type { AnswerEvent, Job, Question } from './core/types.js'
import { type AnswerParts, answer } from './generate/answer.js'
import { withDates } from './generate/document-date.js'
import type { Guidance } from './generate/prompt.js'
import { type RewriteParts, rewriteQuestion } from './generate/rewrite-question.js'
import { type IngestOptions, ingestDocument, type PipelineParts } from './ingest/pipeline.js'
import { expand } from './retrieve/expand.js'
import type { Reranking } from './retrieve/rerank.js'
import { type Retrieval, retrieve } from './retrieve/retrieve.js'

/*
 * START HERE. Everything Inkstone does is one of three flows:
 *
 *   file ─ parse ─ chunk ─ embed ─ store                                  ingest
 *   question ─ rewrite ─ embed ─ dense + lexical ─ fuse ─ rerank          search
 *   hits ─ expand ─ prompt ─ stream ─ cite ─ verify                       ask
 *
 * The stages know each other only through the ports in core/ports.ts; inkstone.ts opens the drivers behind them.
 */

export interface SearchParts {
  stores: readonly ChunkStore[]
  embedder: Embedder
  catalogue: Pick<Catalogue, 'getDocuments' | 'selectDocuments'>
  /** Null when no reranking model is configured. */
  reranking: Reranking | null
  /** How far the vectors are trusted; null: by the question's language. */
  denseTrust?: number | null
  /** Of the knowledge bases that are searched, for their synonyms. */
  guidance?: readonly Guidance[]
  /** Is told of every search. */
  onRetrieved?: (question: Question, found: Retrieval) => void
  signal?: AbortSignal
}

/** A stored file becomes searchable text. */
export const ingest = (job: Job, parts: PipelineParts, options: IngestOptions) => ingestDocument(job, parts, options)

/** A question becomes the passages that fit it best. */
export async function search(question: Question, parts: SearchParts): Promise<Retrieval> {
  const found = await retrieve(question, parts)
  parts.onRetrieved?.(question, found)
  return found
}

/** A question becomes an answer whose every citation was held against the stored text, or an honest refusal. */
export async function* ask(
  question: Question,
  parts: SearchParts & AnswerParts & RewriteParts & { catalogue: Pick<Catalogue, 'getPage'> },
): AsyncIterable<AnswerEvent> {
  const standalone = await rewriteQuestion(question, parts)
  const found = await search(standalone === null ? question : { ...question, standalone }, parts)
  const roomTokens = parts.llmContextTokens - parts.llmMaxTokens
  const wide = parts.chatModel === null ? [] : await expand(found.hits, { ...parts, roomTokens })
  const passages = await withDates(wide, parts.catalogue)
  yield* answer(question, { ...found, passages }, parts)
}
