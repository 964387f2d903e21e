import type { z } from 'zod'
import { answerEventSchema } from '../api/answer.js'
import { answerRecordSchema, answerSummaryPageSchema, answerTraceSchema } from '../api/answer-record.js'
import { answerReplaySchema } from '../api/answer-replay.js'
import { chunkListSchema, pageTextSchema } from '../api/chunk.js'
import { conversationPageSchema, conversationSchema, conversationWithTurnsSchema } from '../api/conversation.js'
import { documentPageSchema, documentSchema, sourceListSchema } from '../api/document.js'
import { indexStateSchema, tuneEventSchema } from '../api/index-state.js'
import { jobPageSchema, jobSchema } from '../api/job.js'
import { knowledgeBaseListSchema, knowledgeBaseSchema, reindexSchema } from '../api/knowledge-base.js'
import { searchReplySchema } from '../api/search.js'
import { serviceStatusSchema } from '../api/status.js'
import { InkstoneError } from '../core/errors.js'
import type { InkstoneService } from '../core/service.js'
import { type ConnectionOptions, connect } from './connection.js'
import { parseJson } from './failures.js'
import { upload } from './upload.js'

/**
 * The service of a running Inkstone server, over HTTP. Errors carry the codes the server gave them.
 * `close` ends what is under way and leaves the server running.
 */
export function httpService(options: ConnectionOptions): InkstoneService {
  const server = connect(options)
  return {
    status: () => server.read(serviceStatusSchema, '/v1/status'),

    createKnowledgeBase: (json) => server.read(knowledgeBaseSchema, '/v1/knowledge-bases', { method: 'POST', json }),
    async listKnowledgeBases() {
      return (await server.read(knowledgeBaseListSchema, '/v1/knowledge-bases')).items
    },
    getKnowledgeBase: async (knowledgeBase) =>
      server.read(knowledgeBaseSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}`),
    updateKnowledgeBase: async (knowledgeBase, json) =>
      server.read(knowledgeBaseSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}`, { method: 'PATCH', json }),
    async deleteKnowledgeBase(knowledgeBase) {
      await server.call(pathOf`/v1/knowledge-bases/${knowledgeBase}`, { method: 'DELETE' })
    },

    getIndexState: async (knowledgeBase) =>
      server.read(indexStateSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}/index`),
    async *tuneKnowledgeBase(knowledgeBase, { questions, signal } = {}) {
      const path = pathOf`/v1/knowledge-bases/${knowledgeBase}/tune`
      const body = questions === undefined ? {} : { json: { questions } }
      for await (const { data } of server.stream(path, { method: 'POST', ...body, signal })) {
        const event = parseEvent(tuneEventSchema, data)
        yield event
        if (event.stage === 'done') return
      }
      throw new InkstoneError('server_unreachable', 'the server ended the stream before it had measured everything')
    },
    reindexKnowledgeBase: async (knowledgeBase) =>
      server.read(reindexSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}/reindex`, { method: 'POST' }),

    submit: async (knowledgeBase, request, { signal } = {}) =>
      upload(server, pathOf`/v1/knowledge-bases/${knowledgeBase}/documents`, request, signal),
    retry: async (documentId) => server.read(jobSchema, pathOf`/v1/documents/${documentId}/retry`, { method: 'POST' }),
    listDocuments: async (knowledgeBase, { filter, ...query } = {}) =>
      server.read(documentPageSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}/documents`, {
        query: { ...query, ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }) },
      }),
    async listSources(knowledgeBase) {
      return (await server.read(sourceListSchema, pathOf`/v1/knowledge-bases/${knowledgeBase}/sources`)).items
    },
    async removeSource(knowledgeBase, uri) {
      await server.call(pathOf`/v1/knowledge-bases/${knowledgeBase}/sources`, { method: 'DELETE', query: { uri } })
    },
    getDocument: async (documentId) => server.read(documentSchema, pathOf`/v1/documents/${documentId}`),
    updateDocument: async (documentId, json) =>
      server.read(documentSchema, pathOf`/v1/documents/${documentId}`, { method: 'PATCH', json }),
    async deleteDocument(documentId) {
      await server.call(pathOf`/v1/documents/${documentId}`, { method: 'DELETE' })
    },
    async openContent(documentId) {
      const document = await server.read(documentSchema, pathOf`/v1/documents/${documentId}`)
      return { document, bytes: server.download(pathOf`/v1/documents/${documentId}/content`) }
    },
    getPage: async (documentId, page) => server.read(pageTextSchema, pathOf`/v1/documents/${documentId}/pages/${page}`),
    async listMembers(documentId) {
      return (await server.read(sourceListSchema, pathOf`/v1/documents/${documentId}/members`)).items
    },
    async listChunks(documentId) {
      return (await server.read(chunkListSchema, pathOf`/v1/documents/${documentId}/chunks`)).items
    },

    getJob: async (jobId) => server.read(jobSchema, pathOf`/v1/jobs/${jobId}`),
    listJobs: (query = {}) => server.read(jobPageSchema, '/v1/jobs', { query: { ...query } }),
    async *watchJob(jobId, { signal } = {}) {
      for await (const { data } of server.stream(pathOf`/v1/jobs/${jobId}/events`, { signal })) {
        const job = parseEvent(jobSchema, data)
        yield job
        if (job.status !== 'queued' && job.status !== 'running') return
      }
      throw new InkstoneError('server_unreachable', 'the server ended the stream before the job ended', {
        remedy: 'check that the server runs, and look at the job again',
      })
    },
    cancelJob: async (jobId) => server.read(jobSchema, pathOf`/v1/jobs/${jobId}/cancel`, { method: 'POST' }),

    search: (json, { signal } = {}) => server.read(searchReplySchema, '/v1/search', { method: 'POST', json, signal }),
    async *answer(json, { signal } = {}) {
      for await (const { data } of server.stream('/v1/answers', { method: 'POST', json, signal })) {
        const event = parseEvent(answerEventSchema, data)
        yield event
        if (event.type === 'done') return
      }
      throw new InkstoneError('internal', 'the server ended the stream before the answer was complete')
    },

    listAnswers: (query = {}) => server.read(answerSummaryPageSchema, '/v1/answers', { query: { ...query } }),
    getAnswer: async (answerId) => server.read(answerRecordSchema, pathOf`/v1/answers/${answerId}`),
    getAnswerTrace: async (answerId) => server.read(answerTraceSchema, pathOf`/v1/answers/${answerId}/trace`),
    async deleteAnswer(answerId) {
      await server.call(pathOf`/v1/answers/${answerId}`, { method: 'DELETE' })
    },
    rateAnswer: async (answerId, json) =>
      server.read(answerRecordSchema, pathOf`/v1/answers/${answerId}/feedback`, { method: 'PUT', json }),
    replayAnswer: async (answerId, { signal } = {}) =>
      server.read(answerReplaySchema, pathOf`/v1/answers/${answerId}/replay`, { method: 'POST', signal }),
    createConversation: async (json = {}) =>
      server.read(conversationSchema, '/v1/conversations', { method: 'POST', json }),
    listConversations: async (query = {}) => server.read(conversationPageSchema, '/v1/conversations', { query }),
    getConversation: async (id) => server.read(conversationWithTurnsSchema, pathOf`/v1/conversations/${id}`),
    renameConversation: async (id, json) =>
      server.read(conversationSchema, pathOf`/v1/conversations/${id}`, { method: 'PATCH', json }),
    async deleteConversation(id) {
      await server.call(pathOf`/v1/conversations/${id}`, { method: 'DELETE' })
    },
    async exportConversation(id, format) {
      return (await server.call(pathOf`/v1/conversations/${id}/export`, { query: { format } })).text()
    },
    close: async () => server.close(),
  }
}

/** Fills a path, each value escaped, so that none can reach another path. */
function pathOf(texts: TemplateStringsArray, ...values: (string | number)[]): string {
  return texts.reduce((path, text, index) => `${path}${escaped(values[index - 1] ?? '')}${text}`)
}

/** `.` and `..` as a whole segment would be taken out of a URL even when escaped. */
function escaped(value: string | number): string {
  const segment = encodeURIComponent(value)
  if (segment === '' || segment === '.' || segment === '..') {
    throw new InkstoneError('invalid_request', `"${value}" names nothing`)
  }
  return segment
}

function parseEvent<T>(schema: z.ZodType<T>, data: string): T {
  const parsed = schema.safeParse(parseJson(data))
  if (parsed.success) return parsed.data
  throw new InkstoneError('internal', 'the server sent an event that is not understood', { cause: parsed.error })
}
