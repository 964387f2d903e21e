import type { AnswerEvent, Question, Usage } from './core/answer.js'
import type { Catalogue } from './core/catalogue.js'
import type { ChunkStore } from './core/chunk-store.js'
import type { Job } from './core/job.js'
import type { Embedder } from './core/ports.js'
import type { Hit, WideHit } from './core/types.js'
import { addUsage } from './generate/add-usage.js'
import { type AnswerParts, answer } from './generate/answer.js'
import type { Bounds } from './generate/deep/bounds.js'
import { deepAnswer } from './generate/deep/deep-answer.js'
import { withDates } from './generate/document-date.js'
import { meteredModel } from './generate/meter.js'
import type { Guidance } from './generate/prompt.js'
import { type RewriteParts, rewriteQuestion } from './generate/rewrite-question.js'
import { type IngestOptions, ingestDocument, type PipelineParts } from './ingest/pipeline.js'
import { expand } from './retrieve/expand.js'
import { pool } from './retrieve/pool.js'
import type { Reranking } from './retrieve/rerank.js'
import { type Retrieval, retrieve, retrieveTowards } from './retrieve/retrieve.js'

/*
 * START HERE. Everything Inkstone does is one of three flows:
 *
 *   file ─ parse ─ chunk ─ embed ─ store                                  ingest
 *   question ─ rewrite ─ embed ─ dense + lexical ─ fuse ─ rerank          search
 *   hits ─ expand ─ prompt ─ stream ─ cite ─ verify                       ask
 *
 * Asking deeply is search, over and over, before the ask: plan ─ search ─ read ─ decide ─ … ─ pool ─ ask.
 *
 * The stages know each other only through the ports in core/ (ports.ts, chunk-store.ts, catalogue.ts); inkstone.ts opens
 * the drivers behind them.
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

export type AskParts = SearchParts & AnswerParts & RewriteParts & { catalogue: Pick<Catalogue, 'getPage'> }

/** A stored file becomes searchable text. */
export const ingest = (job: Job, parts: PipelineParts, options: IngestOptions) => ingestDocument(job, parts, options)

/** A question becomes the passages that fit it best. */
export async function search(question: Question, parts: SearchParts): Promise<Retrieval> {
  const found = await retrieve(question, parts)
  parts.onRetrieved?.(question, found)
  return found
}

/** A question becomes an answer whose every citation was held against the stored text, or an honest refusal. */
export async function* ask(question: Question, parts: AskParts): AsyncIterable<AnswerEvent> {
  const { found, rewriting } = await searchStandalone(question, parts)
  const passages = await passagesOf(found.hits, parts)
  yield* addUsage(answer(question, { ...found, passages }, parts), rewriting)
}

/** As `ask`, over what was found for the question and for all sub-questions that a language model asked on the way. */
export async function* askDeeply(question: Question, parts: AskParts & { bounds: Bounds }): AsyncIterable<AnswerEvent> {
  const { found, rewriting } = await searchStandalone(question, parts)
  const limit = question.topK * timesTopK
  const events = deepAnswer(
    question,
    { ...found, passages: [] },
    {
      ...parts,
      async search(subQuestion, { signal }) {
        const towards = await retrieveTowards(question, { ...parts, subQuestion, signal })
        parts.onRetrieved?.({ ...question, text: subQuestion }, towards)
        return towards
      },
      async gather(lists, { isUseful }) {
        const hits = pool(lists, { isUseful, limit, maxPerDocument: question.maxPerDocument })
        return { hits, passages: await passagesOf(hits, parts) }
      },
    },
  )
  yield* addUsage(events, rewriting)
}

/** A deep answer is made from more passages than a quick one: it has more parts. */
const timesTopK = 2

/** A follow-up is completed by the language model before it is searched for; `rewriting` is what that took. */
async function searchStandalone(question: Question, parts: AskParts): Promise<{ found: Retrieval; rewriting: Usage }> {
  const chatModel = parts.chatModel && meteredModel(parts.chatModel)
  const standalone = await rewriteQuestion(question, { ...parts, chatModel })
  const rewriting = chatModel?.spent() ?? { inputTokens: 0, outputTokens: 0 }
  return { found: await search(standalone === null ? question : { ...question, standalone }, parts), rewriting }
}

/** What a language model reads of the hits; nothing when there is none. */
async function passagesOf(hits: readonly Hit[], parts: AskParts): Promise<WideHit[]> {
  const roomTokens = parts.llmContextTokens - parts.llmMaxTokens
  const wide = parts.chatModel === null ? [] : await expand(hits, { ...parts, roomTokens })
  return withDates(wide, parts.catalogue)
}
