import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import type { AnswerEvent } from '../../src/core/answer.js'
import type { Page, SourceEntry } from '../../src/core/catalogue.js'
import type { ConversationWithTurns } from '../../src/core/conversation.js'
import { InkstoneError } from '../../src/core/errors.js'
import { newId } from '../../src/core/ids.js'
import type { Job, Submission } from '../../src/core/job.js'
import type { AnswerRequest, InkstoneService, SubmitRequest } from '../../src/core/service.js'
import type { Document, KnowledgeBase, SearchFilter } from '../../src/core/types.js'
import { passes } from './filter-reference.mjs'
import { type KeptAnswer, keptAnswers } from './kept-answers.js'
import { keptConversations } from './kept-conversations.js'
import {
  emptyDocument,
  emptyIndex,
  emptyJob,
  emptyKnowledgeBase,
  learnedAnswerability,
  learnedTrust,
  tuneEvents,
} from './records.js'
import { answerEvents, hitOf, wholeChunk } from './scripted-answer.js'

type AnswerScript = (
  request: AnswerRequest,
  events: AnswerEvent[],
  signal: AbortSignal | undefined,
) => AsyncIterable<AnswerEvent>

export interface ScriptedService extends InkstoneService {
  /** Moves a job on, as the worker of a real service would, and tells those who watch it. */
  moveJob(jobId: string, change: Partial<Job>): void
  /** Signals of the uploads, answers and watches so far. */
  signals: AbortSignal[]
  /** What came with each file that was handed in. */
  submitted: Omit<SubmitRequest, 'bytes'>[]
  /** Uploads begun and neither stored nor given up. */
  uploadsUnderWay(): number
  /** How many answers and watches have begun and not ended. */
  streamsUnderWay(): number
  storedDocuments(): Document[]
}

/**
 * A service in memory: documents are their own text, and every document is found by every question. What it answers can
 * be scripted; by default it yields the events as they are.
 */
export function scriptedService({
  answer = playBack,
  answers = [],
  conversations = [],
}: {
  answer?: AnswerScript
  /** What was answered before, newest first. */
  answers?: KeptAnswer[]
  conversations?: ConversationWithTurns[]
} = {}): ScriptedService {
  const knowledgeBases: KnowledgeBase[] = []
  const documents: Document[] = []
  const contents = new Map<string, Buffer>()
  const sources: { knowledgeBaseId: string; sourceUri: string; documentId: string }[] = []
  const jobs: Job[] = []
  const watchers = new Set<() => void>()
  const signals: AbortSignal[] = []
  const submitted: Omit<SubmitRequest, 'bytes'>[] = []
  const counts = { uploads: 0, streams: 0 }

  const findKnowledgeBase = (name: string) =>
    knowledgeBases.find(({ id, slug }) => id === name || slug === name) ??
    raise('knowledge_base_not_found', `there is no knowledge base "${name}"`)
  const findDocument = (id: string) =>
    documents.find((document) => document.id === id) ?? raise('document_not_found', `there is no document "${id}"`)
  const findJob = (id: string) => jobs.find((job) => job.id === id) ?? raise('job_not_found', `there is no job "${id}"`)
  const textOf = (document: Document) => contents.get(document.id)?.toString('utf8') ?? ''
  const note = (signal: AbortSignal | undefined) => {
    if (signal !== undefined) signals.push(signal)
  }
  const moveJob = (jobId: string, change: Partial<Job>) => {
    Object.assign(findJob(jobId), change)
    for (const wake of [...watchers]) wake()
  }
  const queue = (document: Document, sourceUri: string): Job => {
    const job = newJob(document, sourceUri)
    jobs.push(job)
    return { ...job }
  }
  const removeDocument = (id: string) => {
    documents.splice(documents.indexOf(findDocument(id)), 1)
    for (const source of sources.filter(({ documentId }) => documentId === id))
      sources.splice(sources.indexOf(source), 1)
  }
  const search = (query: { knowledgeBaseIds?: readonly string[]; topK?: number; filter?: SearchFilter }) => {
    const wanted = query.knowledgeBaseIds?.map((name) => findKnowledgeBase(name).id)
    const found = documents
      .filter(({ knowledgeBaseId }) => wanted?.includes(knowledgeBaseId) ?? true)
      .filter((document) => passes({ ...document, paths: [document.sourceUri] }, query.filter ?? {}))
      .slice(0, query.topK ?? 8)
    return found.map((document, index) => hitOf(wholeChunk(document, textOf(document)), index + 1))
  }
  const accept = (knowledgeBase: KnowledgeBase, request: SubmitRequest, bytes: Buffer): Submission => {
    const contentHash = createHash('sha256').update(bytes).digest('hex')
    const inBase = documents.filter((document) => document.knowledgeBaseId === knowledgeBase.id)
    const known = sources.find((s) => s.knowledgeBaseId === knowledgeBase.id && s.sourceUri === request.sourceUri)
    const same = inBase.find((document) => document.contentHash === contentHash)
    if (same !== undefined) {
      const outcome = known?.documentId === same.id ? ('unchanged' as const) : ('duplicate' as const)
      if (known === undefined)
        sources.push({ knowledgeBaseId: knowledgeBase.id, sourceUri: request.sourceUri, documentId: same.id })
      return { outcome, document: { ...same }, job: null }
    }
    const previous = inBase.find(({ id }) => id === known?.documentId)
    const document = previous ?? newDocument(knowledgeBase, request)
    Object.assign(document, { contentHash, sizeBytes: bytes.length, metadata: request.metadata ?? document.metadata })
    contents.set(document.id, bytes)
    if (previous === undefined) {
      documents.push(document)
      sources.push({ knowledgeBaseId: knowledgeBase.id, sourceUri: request.sourceUri, documentId: document.id })
      knowledgeBase.documentCount += 1
    }
    const job = queue(document, request.sourceUri)
    return { outcome: previous === undefined ? 'created' : 'updated', document: { ...document }, job }
  }

  return {
    ...keptAnswers(answers),
    ...keptConversations(conversations),
    signals,
    submitted,
    moveJob,
    uploadsUnderWay: () => counts.uploads,
    streamsUnderWay: () => counts.streams,
    storedDocuments: () => documents.map((document) => ({ ...document })),

    status: async () => ({
      version: '0.1.0',
      embeddingModelId: 'scripted-embedder',
      answerModelId: 'scripted',
      pendingJobs: jobs.filter(({ status }) => status === 'queued' || status === 'running').length,
    }),
    async createKnowledgeBase({ slug, name = slug }) {
      if (knowledgeBases.some((existing) => existing.slug === slug)) raise('conflict', `the slug "${slug}" is taken`)
      const made = { ...emptyKnowledgeBase, id: newId('kb'), slug, name }
      knowledgeBases.push(made)
      return { ...made }
    },
    listKnowledgeBases: async () => knowledgeBases.map((knowledgeBase) => ({ ...knowledgeBase })),
    getKnowledgeBase: async (name) => ({ ...findKnowledgeBase(name) }),
    updateKnowledgeBase: async (idOrSlug, change) => ({ ...Object.assign(findKnowledgeBase(idOrSlug), change) }),
    async deleteKnowledgeBase(name) {
      const removed = findKnowledgeBase(name)
      for (const { id } of documents.filter(({ knowledgeBaseId }) => knowledgeBaseId === removed.id)) removeDocument(id)
      knowledgeBases.splice(knowledgeBases.indexOf(removed), 1)
    },

    async getIndexState(name) {
      findKnowledgeBase(name)
      return emptyIndex
    },
    async *tuneKnowledgeBase(name, { questions } = {}) {
      findKnowledgeBase(name)
      if (questions) yield { stage: 'asking', done: questions.length, total: questions.length }
      if (questions) yield { stage: 'learned', trust: learnedTrust }
      if (questions) yield { stage: 'judging', done: questions.length, total: questions.length }
      if (questions) yield { stage: 'calibrated', answerability: learnedAnswerability }
      yield* tuneEvents
    },
    async reindexKnowledgeBase(name) {
      const { id } = findKnowledgeBase(name)
      const again = documents.filter(({ knowledgeBaseId }) => knowledgeBaseId === id)
      for (const document of again) queue(document, document.sourceUri)
      return { jobs: again.length }
    },
    async submit(name, request, { signal } = {}) {
      const knowledgeBase = findKnowledgeBase(name)
      note(signal)
      counts.uploads += 1
      try {
        const pieces: Uint8Array[] = []
        for await (const piece of request.bytes) {
          if (signal?.aborted) raise('cancelled', 'the upload was cancelled')
          pieces.push(piece)
        }
        const { bytes: _, ...rest } = request
        submitted.push(rest)
        return accept(knowledgeBase, request, Buffer.concat(pieces))
      } finally {
        counts.uploads -= 1
      }
    },
    retry: async (documentId) => queue(findDocument(documentId), findDocument(documentId).sourceUri),
    async listDocuments(name, { limit = 50, cursor, status, filter = {} } = {}) {
      const { id } = findKnowledgeBase(name)
      const matching = documents.filter(
        (d) =>
          d.knowledgeBaseId === id &&
          (status === undefined || d.status === status) &&
          passes({ ...d, paths: [d.sourceUri] }, filter),
      )
      return pageOf(matching, { limit, cursor })
    },
    async listSources(name) {
      const { id } = findKnowledgeBase(name)
      return sources
        .filter(({ knowledgeBaseId }) => knowledgeBaseId === id)
        .map(({ sourceUri, documentId }): SourceEntry => {
          const { contentHash, sizeBytes, status, error } = findDocument(documentId)
          return { sourceUri, documentId, contentHash, sizeBytes, status, error, containerId: null }
        })
    },
    async removeSource(name, sourceUri) {
      const { id } = findKnowledgeBase(name)
      const source = sources.find((entry) => entry.knowledgeBaseId === id && entry.sourceUri === sourceUri)
      if (source === undefined) return raise('not_found', `there is no source "${sourceUri}"`)
      sources.splice(sources.indexOf(source), 1)
      if (!sources.some(({ documentId }) => documentId === source.documentId)) removeDocument(source.documentId)
    },
    getDocument: async (id) => ({ ...findDocument(id) }),
    async updateDocument(id, { metadata }) {
      const document = findDocument(id)
      const merged = Object.entries({ ...document.metadata, ...metadata })
      document.metadata = Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
      return { ...document }
    },
    deleteDocument: async (id) => removeDocument(id),
    async openContent(id) {
      const document = { ...findDocument(id) }
      return { document, bytes: inPieces(contents.get(id) ?? Buffer.alloc(0)) }
    },
    async getPage(id, page) {
      const text = textOf(findDocument(id))
      if (page !== 1) raise('page_not_found', `the document has no page ${page}`)
      return { page: null, span: { start: 0, end: text.length }, text }
    },
    listMembers: async () => [],
    async listChunks(id) {
      const document = findDocument(id)
      return [wholeChunk(document, textOf(document))]
    },

    getJob: async (id) => ({ ...findJob(id) }),
    async listJobs({ knowledgeBase, status, limit = 50, cursor } = {}) {
      const base = knowledgeBase === undefined ? undefined : findKnowledgeBase(knowledgeBase).id
      const matching = jobs.filter((job) => base === undefined || job.knowledgeBaseId === base)
      return pageOf(
        matching.filter((job) => status === undefined || job.status === status),
        { limit, cursor },
      )
    },
    async *watchJob(id, { signal } = {}) {
      note(signal)
      counts.streams += 1
      try {
        while (true) {
          const job = { ...findJob(id) }
          const changed = nextChange(watchers, signal)
          yield job
          if (job.status !== 'queued' && job.status !== 'running') return
          await changed
        }
      } finally {
        counts.streams -= 1
      }
    },
    async cancelJob(id) {
      const { status } = findJob(id)
      if (status !== 'queued' && status !== 'running') raise('conflict', 'the job has ended')
      moveJob(id, { status: 'cancelled', stage: 'cancelled' })
      return { ...findJob(id) }
    },

    search: async (request, { signal } = {}) => {
      note(signal)
      return { hits: search(request) }
    },
    async *answer(request, { signal } = {}) {
      note(signal)
      counts.streams += 1
      try {
        yield* answer(request, answerEvents(request, search(request)), signal)
      } finally {
        counts.streams -= 1
      }
    },
    close: async () => undefined,
  }
}

async function* playBack(_request: AnswerRequest, events: AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* events
}

/** Resolves at the next change of a job; rejects when the signal fires. */
function nextChange(watchers: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  const changed = new Promise<void>((resolve, reject) => {
    const wake = () => {
      watchers.delete(wake)
      resolve()
    }
    watchers.add(wake)
    const leave = () => {
      watchers.delete(wake)
      reject(new InkstoneError('cancelled', 'nobody watches any more'))
    }
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted) leave()
  })
  changed.catch(() => undefined)
  return changed
}

function pageOf<T extends object>(all: T[], { limit, cursor }: { limit: number; cursor: string | undefined }): Page<T> {
  const start = Number(cursor ?? 0)
  const items = all.slice(start, start + limit).map((item) => ({ ...item }))
  return { items, nextCursor: start + limit < all.length ? String(start + limit) : null }
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}

function newDocument(knowledgeBase: KnowledgeBase, { sourceUri, metadata = {} }: SubmitRequest): Document {
  const mediaTypes: Record<string, string> = { '.txt': 'text/plain', '.pdf': 'application/pdf', '.html': 'text/html' }
  const mediaType = mediaTypes[extname(sourceUri)] ?? 'application/octet-stream'
  const made = { id: newId('doc'), knowledgeBaseId: knowledgeBase.id, sourceUri, title: sourceUri, mediaType, metadata }
  return { ...emptyDocument, ...made, chunkCount: 1 }
}

function newJob({ id: documentId, knowledgeBaseId, revision, contentHash }: Document, sourceUri: string): Job {
  const made = { id: newId('job'), knowledgeBaseId, documentId, revision: revision + 1, contentHash, sourceUri }
  return { ...emptyJob, ...made, attempts: 1 }
}

function raise(code: ConstructorParameters<typeof InkstoneError>[0], message: string): never {
  throw new InkstoneError(code, message)
}
