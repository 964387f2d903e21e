import type { AnswerEvent } from '../src/core/answer.js'
import type { FeedbackRequest } from '../src/core/answer-record.js'
import type { Conversation, ConversationWithTurns } from '../src/core/conversation.js'
import type { Job } from '../src/core/job.js'
import type { AnswerRequest } from '../src/core/service.js'
import type { Document, KnowledgeBase, PageText } from '../src/core/types.js'
import { ApiError, readProblem, toProblem, unreachable } from './api-error.js'
import { readEventStream } from './event-stream.js'
import { upload } from './upload.js'

/** Hands out the API key of this session and asks the user for one. */
export interface KeyRing {
  current(): string | null
  /** A key that the user gave in place of `refused`; null when they gave none. */
  ask(refused: string | null): Promise<string | null>
}

export interface DocumentPage {
  items: Document[]
  nextCursor: string | null
}

interface ConversationPage {
  items: Conversation[]
  nextCursor: string | null
}

/** What became of an uploaded file: `job` is null where there is nothing left to do. */
interface Uploaded {
  outcome: 'created' | 'updated' | 'unchanged' | 'duplicate'
  document: Document
  job: Job | null
}

export interface Api {
  listKnowledgeBases(): Promise<KnowledgeBase[]>
  answer(request: AnswerRequest, options: { signal: AbortSignal }): AsyncIterable<AnswerEvent>
  listConversations(options: { limit: number; cursor: string | null }): Promise<ConversationPage>
  getConversation(id: string): Promise<ConversationWithTurns>
  renameConversation(id: string, title: string): Promise<Conversation>
  deleteConversation(id: string): Promise<void>
  exportConversation(id: string, format: 'md' | 'json'): Promise<Blob>
  rateAnswer(answerId: string, feedback: FeedbackRequest): Promise<void>
  listDocuments(knowledgeBase: string, options: { limit: number; cursor: string | null }): Promise<DocumentPage>
  getDocument(id: string): Promise<Document>
  getPage(documentId: string, page: number): Promise<PageText>
  /** Where a document's original bytes are; null when a key must go along, which a link cannot do. */
  contentAddress(documentId: string): string | null
  getContent(documentId: string): Promise<Blob>
  deleteDocument(id: string): Promise<void>
  retry(documentId: string): Promise<Job>
  watchJob(id: string): AsyncIterable<Job>
  /** @param onProgress called with the share of the bytes that were sent, 0 to 1 */
  upload(knowledgeBase: string, file: File, onProgress: (ratio: number) => void): Promise<Uploaded>
}

/**
 * The server's HTTP interface. Every method throws ApiError. A 401 asks the key ring for a key and tries again.
 */
export function createApi(keys: KeyRing): Api {
  const send = (path: string, init: RequestInit = {}) => sendAuthorised(keys, path, init)
  const getJson = async <T>(path: string, init?: RequestInit) => (await (await send(path, init)).json()) as T
  const segment = encodeURIComponent
  return {
    listKnowledgeBases: async () => (await getJson<{ items: KnowledgeBase[] }>('/v1/knowledge-bases')).items,
    async *answer(request, { signal }) {
      const response = await send('/v1/answers', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
        body: JSON.stringify(request),
        signal,
      })
      for await (const { event, data } of readEventStream(chunksOf(response))) {
        if (event === 'error') throw new ApiError(toProblem(JSON.parse(data)))
        yield { type: event, ...JSON.parse(data) } as AnswerEvent
      }
    },
    listConversations: ({ limit, cursor }) =>
      getJson(
        `/v1/conversations?${new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })}`,
      ),
    getConversation: (id) => getJson(`/v1/conversations/${segment(id)}`),
    renameConversation: (id, title) =>
      getJson(`/v1/conversations/${segment(id)}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ title }),
      }),
    deleteConversation: async (id) => {
      await send(`/v1/conversations/${segment(id)}`, { method: 'DELETE' })
    },
    exportConversation: async (id, format) =>
      (await send(`/v1/conversations/${segment(id)}/export?format=${format}`)).blob(),
    rateAnswer: async (answerId, feedback) => {
      await send(`/v1/answers/${segment(answerId)}/feedback`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(feedback),
      })
    },
    listDocuments: (knowledgeBase, { limit, cursor }) => {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
      return getJson(`/v1/knowledge-bases/${segment(knowledgeBase)}/documents?${query}`)
    },
    getDocument: (id) => getJson(`/v1/documents/${segment(id)}`),
    getPage: (id, page) => getJson(`/v1/documents/${segment(id)}/pages/${page}`),
    contentAddress: (id) => (keys.current() === null ? `/v1/documents/${segment(id)}/content` : null),
    getContent: async (id) => (await send(`/v1/documents/${segment(id)}/content`)).blob(),
    deleteDocument: async (id) => {
      await send(`/v1/documents/${segment(id)}`, { method: 'DELETE' })
    },
    retry: (id) => getJson(`/v1/documents/${segment(id)}/retry`, { method: 'POST' }),
    async *watchJob(id) {
      const response = await send(`/v1/jobs/${segment(id)}/events`, { headers: { Accept: 'text/event-stream' } })
      for await (const { event, data } of readEventStream(chunksOf(response))) {
        if (event === 'error') throw new ApiError(toProblem(JSON.parse(data)))
        if (event === 'job') yield JSON.parse(data) as Job
      }
    },
    upload: async (knowledgeBase, file, onProgress) => {
      const path = `/v1/knowledge-bases/${segment(knowledgeBase)}/documents`
      const reply = await authorised(keys, (key) => upload(path, { file, key, onProgress }))
      if (reply.status >= 400) throw new ApiError(readProblem(reply.status, reply.body))
      return JSON.parse(reply.body) as Uploaded
    },
  }
}

async function sendAuthorised(keys: KeyRing, path: string, init: RequestInit): Promise<Response> {
  const response = await authorised(keys, async (key) => {
    const headers = new Headers(init.headers)
    if (key !== null) headers.set('Authorization', `Bearer ${key}`)
    try {
      return await fetch(path, { ...init, headers })
    } catch (error) {
      if (init.signal?.aborted === true) throw error
      throw unreachable()
    }
  })
  if (response.ok) return response
  throw new ApiError(readProblem(response.status, await response.text()))
}

async function authorised<T extends { status: number }>(
  keys: KeyRing,
  attempt: (key: string | null) => Promise<T>,
): Promise<T> {
  for (let key = keys.current(); ; ) {
    const reply = await attempt(key)
    if (reply.status !== 401) return reply
    const next = await keys.ask(key)
    if (next === null) return reply
    key = next
  }
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  const reader = response.body.getReader()
  let isComplete = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isComplete = done
      if (value === undefined) return
      yield value
    }
  } finally {
    // Cancelling a stream that has just ended would show up as a failed request.
    if (!isComplete) await reader.cancel().catch(() => undefined)
  }
}
