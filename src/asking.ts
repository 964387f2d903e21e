import { sharedAnswerability } from './answerability.js'
import type { AnswerEvent, PendingDocuments, Question } from './core/answer.js'
import type { AskedWith } from './core/answer-record.js'
import type { Catalogue } from './core/catalogue.js'
import type { ChatModel } from './core/ports.js'
import type { KnowledgeBase } from './core/types.js'
import { sharedTrust } from './dense-trust.js'
import type { Home } from './home.js'
import { ask, askDeeply } from './knowledge-base.js'
import type { Recording } from './trace/recording.js'

/** What a search over some knowledge bases of a home works with. */
export async function searchParts(
  { stores, embedder, catalogue, reranking }: Home,
  knowledgeBases: readonly KnowledgeBase[],
  signal: AbortSignal | undefined,
) {
  return {
    stores: await Promise.all(knowledgeBases.map(({ id }) => stores.open(id))),
    denseTrust: sharedTrust(filled(knowledgeBases)),
    guidance: knowledgeBases,
    embedder,
    catalogue,
    reranking,
    ...(signal ? { signal } : {}),
  }
}

/** An empty knowledge base, such as the first one often is, adds nothing and has no say. */
function filled(knowledgeBases: readonly KnowledgeBase[]): readonly KnowledgeBase[] {
  return knowledgeBases.filter(({ documentCount }) => documentCount > 0)
}

/** With which model, and how much of it, an answer is written. */
export interface Writing {
  /** Null: answers are quotes. */
  chatModel: ChatModel | null
  temperature: number
  maxTokens: number
  contextTokens: number
}

/** As the configuration says. */
export function usualWriting({ chatModel, config }: Home): Writing {
  const { llmTemperature: temperature, llmMaxTokens: maxTokens, llmContextTokens: contextTokens } = config
  return { chatModel, temperature, maxTokens, contextTokens }
}

export interface RecordedOptions {
  knowledgeBases: readonly KnowledgeBase[]
  writing: Writing
  recording: Recording
  signal: AbortSignal
}

/** The answer to a question, with a recording that listens at every stage. */
export async function* recordedAnswer(
  question: Question,
  home: Home,
  { knowledgeBases, writing, recording, signal }: RecordedOptions,
): AsyncGenerator<AnswerEvent> {
  const { reranking, ...parts } = await searchParts(home, knowledgeBases, signal)
  const asking = {
    ...parts,
    reranking: reranking && { ...reranking, reranker: recording.reranker(reranking.reranker) },
    onRetrieved: recording.onRetrieved,
    chatModel: writing.chatModel && recording.model(writing.chatModel),
    answerabilityModel: sharedAnswerability(filled(knowledgeBases), home.embedder),
    templates: home.templates,
    pending: await pendingDocuments(home.catalogue, knowledgeBases),
    llmMaxTokens: writing.maxTokens,
    llmContextTokens: writing.contextTokens,
    llmRewriteTimeoutMs: home.config.llmRewriteTimeoutMs,
  }
  yield* question.mode === 'deep'
    ? askDeeply(question, { ...asking, bounds: deepBounds(home.config) })
    : ask(question, asking)
}

const pendingNamed = 3

async function pendingDocuments(
  catalogue: Catalogue,
  knowledgeBases: readonly KnowledgeBase[],
): Promise<PendingDocuments> {
  const knowledgeBaseIds = knowledgeBases.map(({ id }) => id)
  const count = await catalogue.countPendingJobs(knowledgeBaseIds)
  if (count === 0) return { count, names: [] }
  const statuses = ['running', 'queued'] as const
  const pages = await Promise.all(
    knowledgeBaseIds.flatMap((knowledgeBaseId) =>
      statuses.map((status) => catalogue.listJobs({ knowledgeBaseId, status, limit: pendingNamed })),
    ),
  )
  const ids = [...new Set(pages.flatMap(({ items }) => items.map(({ documentId }) => documentId)))].slice(
    0,
    pendingNamed,
  )
  const documents = await catalogue.getDocuments(ids)
  return { count, names: ids.flatMap((id) => documents.get(id)?.title ?? []) }
}

function deepBounds({ deepMaxSteps, deepMaxTokens, deepTimeoutMs }: Home['config']) {
  return { maxSteps: deepMaxSteps, maxTokens: deepMaxTokens, timeoutMs: deepTimeoutMs }
}

/** What a question was asked with, so that it can be asked again. */
export function askedWith(
  { history, mode, evenIfUnsure, topK, maxPerDocument, filter }: Question,
  { fingerprint, reranking }: Home,
  { knowledgeBases, writing }: Pick<RecordedOptions, 'knowledgeBases' | 'writing'>,
): AskedWith {
  const { chatModel, temperature, maxTokens, contextTokens } = writing
  return {
    knowledgeBaseIds: knowledgeBases.map(({ id }) => id),
    ...{ history, topK, maxPerDocument: maxPerDocument ?? null, filter },
    ...(mode === 'deep' ? { mode } : {}),
    ...(evenIfUnsure === true ? { evenIfUnsure } : {}),
    model: chatModel && { modelId: chatModel.modelId, temperature, maxTokens, contextTokens },
    rerankModelId: reranking?.reranker.modelId ?? null,
    embeddingFingerprint: fingerprint,
  }
}
