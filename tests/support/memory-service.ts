import { createHash } from 'node:crypto'
import type { AnswerEvent } from '../../src/core/answer.js'
import type { ConversationWithTurns } from '../../src/core/conversation.js'
import { InkstoneError } from '../../src/core/errors.js'
import { newId } from '../../src/core/ids.js'
import type { Job, Problem } from '../../src/core/job.js'
import type { InkstoneService } from '../../src/core/service.js'
import type { Document, Hit, KnowledgeBase } from '../../src/core/types.js'
import { type KeptAnswer, keptAnswers } from './kept-answers.js'
import { keptConversations } from './kept-conversations.js'
import { emptyDocument, emptyIndex, emptyJob, emptyKnowledgeBase, tuneEvents } from './records.js'

export interface MemoryServiceOptions {
  /** Why a content cannot be read; null when it can. */
  problemOf?: (text: string) => Problem | null
  hits?: Hit[]
  answerEvents?: AnswerEvent[]
  /** Newest first. */
  answers?: KeptAnswer[]
  /** Those asked in last come first. */
  conversations?: ConversationWithTurns[]
}

export interface MemoryService extends InkstoneService {
  /** Names of the calls that changed something, with the source they were about. */
  calls: string[]
  /** The most jobs that were watched at once. */
  mostWatched(): number
}

/** A whole service in memory. A document is ready, or failed, when its job is watched to its end. */
export function memoryService({
  problemOf = () => null,
  hits = [],
  answerEvents = [],
  answers = [],
  conversations = [],
}: MemoryServiceOptions = {}): MemoryService {
  const knowledgeBases = new Map<string, KnowledgeBase>()
  const documents = new Map<string, Document>()
  const texts = new Map<string, string>()
  const sources = new Map<string, { sourceUri: string; documentId: string; knowledgeBaseId: string }>()
  const jobs = new Map<string, Job>()
  const calls: string[] = []
  const watched = { now: 0, most: 0 }

  const found = <T>(
    value: T | undefined,
    code: 'document_not_found' | 'job_not_found' | 'knowledge_base_not_found',
  ): T => {
    if (value === undefined) throw new InkstoneError(code, 'it is not there')
    return value
  }
  const kb = (idOrSlug: string) =>
    found(
      [...knowledgeBases.values()].find(({ id, slug }) => id === idOrSlug || slug === idOrSlug),
      'knowledge_base_not_found',
    )
  const withCount = (base: KnowledgeBase): KnowledgeBase => ({
    ...base,
    documentCount: [...documents.values()].filter(({ knowledgeBaseId }) => knowledgeBaseId === base.id).length,
  })
  const keyOf = (knowledgeBaseId: string, sourceUri: string) => `${knowledgeBaseId} ${sourceUri}`

  function queue(document: Document): Job {
    const job = makeJob(document)
    jobs.set(job.id, job)
    documents.set(document.id, { ...document, status: 'processing', error: null })
    return job
  }

  function finish(job: Job): Job {
    const document = found(documents.get(job.documentId), 'document_not_found')
    const text = texts.get(document.contentHash) ?? ''
    const error = problemOf(text)
    documents.set(document.id, {
      ...document,
      status: error === null ? 'ready' : 'failed',
      revision: error === null ? job.revision : document.revision,
      chunkCount: error === null ? 2 : 0,
      pageCount: error === null ? 1 : null,
      error,
    })
    const status = error === null ? 'done' : 'failed'
    const ended: Job = { ...job, status, stage: status, progress: 1, error }
    jobs.set(job.id, ended)
    return ended
  }

  return {
    ...keptAnswers(answers),
    ...keptConversations(conversations),
    calls,
    mostWatched: () => watched.most,
    async status() {
      const pendingJobs = [...jobs.values()].filter(({ status }) => status === 'queued').length
      return { version: '0.0.0', embeddingModelId: 'memory', answerModelId: 'extractive', pendingJobs }
    },
    async createKnowledgeBase({ slug, name = slug }) {
      if ([...knowledgeBases.values()].some((base) => base.slug === slug)) {
        throw new InkstoneError('conflict', `the slug ${slug} is taken`)
      }
      const base = { ...emptyKnowledgeBase, id: newId('kb'), slug, name }
      knowledgeBases.set(base.id, base)
      calls.push(`createKnowledgeBase ${slug}`)
      return base
    },
    listKnowledgeBases: async () => [...knowledgeBases.values()].map(withCount),
    getKnowledgeBase: async (idOrSlug) => withCount(kb(idOrSlug)),
    async updateKnowledgeBase(idOrSlug, change) {
      const base = { ...kb(idOrSlug), ...change }
      knowledgeBases.set(base.id, base)
      return withCount(base)
    },
    async deleteKnowledgeBase(idOrSlug) {
      calls.push(`deleteKnowledgeBase ${kb(idOrSlug).slug}`)
      knowledgeBases.delete(kb(idOrSlug).id)
    },
    async getIndexState(idOrSlug) {
      kb(idOrSlug)
      return emptyIndex
    },
    async *tuneKnowledgeBase(idOrSlug) {
      calls.push(`tuneKnowledgeBase ${kb(idOrSlug).slug}`)
      yield* tuneEvents
    },
    async reindexKnowledgeBase(idOrSlug) {
      const { id, slug } = kb(idOrSlug)
      calls.push(`reindexKnowledgeBase ${slug}`)
      const again = [...documents.values()].filter(({ knowledgeBaseId }) => knowledgeBaseId === id)
      for (const job of [...jobs.values()].filter(({ status }) => status === 'queued')) finish(job)
      for (const document of again) finish(queue(document))
      return { jobs: again.length }
    },
    async submit(idOrSlug, { sourceUri, bytes, metadata = {} }) {
      const { id: knowledgeBaseId } = kb(idOrSlug)
      const parts: Uint8Array[] = []
      for await (const part of bytes) parts.push(part)
      const content = Buffer.concat(parts)
      const contentHash = createHash('sha256').update(content).digest('hex')
      texts.set(contentHash, content.toString('utf8'))
      calls.push(`submit ${sourceUri}`)
      const key = keyOf(knowledgeBaseId, sourceUri)
      const known = documents.get(sources.get(key)?.documentId ?? '')
      if (known?.contentHash === contentHash) return { outcome: 'unchanged', document: known, job: null }
      const twin = [...documents.values()].find(
        (document) => document.knowledgeBaseId === knowledgeBaseId && document.contentHash === contentHash,
      )
      if (twin !== undefined) {
        sources.set(key, { sourceUri, documentId: twin.id, knowledgeBaseId })
        const job = [...jobs.values()].find(({ documentId, status }) => documentId === twin.id && status === 'queued')
        return { outcome: 'duplicate', document: twin, job: job ?? null }
      }
      const base = known ?? makeDocument({ knowledgeBaseId, sourceUri, metadata })
      const document = { ...base, contentHash, sizeBytes: content.length }
      sources.set(key, { sourceUri, documentId: document.id, knowledgeBaseId })
      return { outcome: known === undefined ? 'created' : 'updated', document, job: queue(document) }
    },
    async retry(documentId) {
      const document = found(documents.get(documentId), 'document_not_found')
      calls.push(`retry ${document.sourceUri}`)
      return queue(document)
    },
    async listDocuments(idOrSlug) {
      const { id } = kb(idOrSlug)
      return { items: [...documents.values()].filter((item) => item.knowledgeBaseId === id), nextCursor: null }
    },
    async listSources(idOrSlug) {
      const { id } = kb(idOrSlug)
      return [...sources.values()]
        .filter(({ knowledgeBaseId }) => knowledgeBaseId === id)
        .map(({ sourceUri, documentId }) => {
          const { contentHash, sizeBytes, status, error } = found(documents.get(documentId), 'document_not_found')
          return { sourceUri, documentId, contentHash, sizeBytes, status, error, containerId: null }
        })
    },
    async removeSource(idOrSlug, sourceUri) {
      calls.push(`removeSource ${sourceUri}`)
      const key = keyOf(kb(idOrSlug).id, sourceUri)
      const documentId = sources.get(key)?.documentId ?? ''
      sources.delete(key)
      if (![...sources.values()].some((source) => source.documentId === documentId)) documents.delete(documentId)
    },
    getDocument: async (id) => found(documents.get(id), 'document_not_found'),
    async updateDocument(id, { metadata }) {
      const document = found(documents.get(id), 'document_not_found')
      const merged = Object.entries({ ...document.metadata, ...metadata })
      const changed = {
        ...document,
        metadata: Object.fromEntries(merged.flatMap(([k, v]) => (v === null ? [] : [[k, v]]))),
      }
      documents.set(id, changed)
      return changed
    },
    async deleteDocument(id) {
      documents.delete(id)
    },
    async openContent(id) {
      const document = found(documents.get(id), 'document_not_found')
      return { document, bytes: oneChunk(texts.get(document.contentHash) ?? '') }
    },
    async getPage(id) {
      const text = texts.get(found(documents.get(id), 'document_not_found').contentHash) ?? ''
      return { page: 1, span: { start: 0, end: text.length }, text }
    },
    listMembers: async () => [],
    listChunks: async () => [],
    getJob: async (id) => found(jobs.get(id), 'job_not_found'),
    listJobs: async ({ status } = {}) => ({
      items: [...jobs.values()].filter((job) => status === undefined || job.status === status),
      nextCursor: null,
    }),
    async *watchJob(id, { signal } = {}) {
      watched.now += 1
      watched.most = Math.max(watched.most, watched.now)
      try {
        const job = found(jobs.get(id), 'job_not_found')
        yield job
        await new Promise((resolve) => setImmediate(resolve))
        signal?.throwIfAborted()
        yield { ...job, status: 'running', stage: 'embedding', progress: 0.5 }
        yield finish(job)
      } finally {
        watched.now -= 1
      }
    },
    async cancelJob(id) {
      const job: Job = { ...found(jobs.get(id), 'job_not_found'), status: 'cancelled', stage: 'cancelled' }
      jobs.set(id, job)
      return job
    },
    search: async ({ topK = 10 }) => ({ hits: hits.slice(0, topK) }),
    async *answer() {
      yield* answerEvents
    },
    async close() {
      calls.push('close')
    },
  }
}

function makeDocument(given: Pick<Document, 'knowledgeBaseId' | 'sourceUri' | 'metadata'>): Document {
  const title = given.sourceUri.split('/').at(-1) ?? given.sourceUri
  return { ...emptyDocument, id: newId('doc'), title, ...given }
}

function makeJob({ id: documentId, knowledgeBaseId, revision, contentHash, sourceUri }: Document): Job {
  const made = { id: newId('job'), knowledgeBaseId, documentId, revision: revision + 1, contentHash, sourceUri }
  return { ...emptyJob, ...made, attempts: 1 }
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text)
}
