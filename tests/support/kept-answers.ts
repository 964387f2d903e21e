import type { Answer } from '../../src/core/answer.js'
import type { AnswerRecord, AnswerTrace } from '../../src/core/answer-record.js'
import type { AnswerChanges, AnswerReplay } from '../../src/core/answer-replay.js'
import { InkstoneError } from '../../src/core/errors.js'
import type { InkstoneService } from '../../src/core/service.js'
import { compareAnswers } from '../../src/trace/compare-answers.js'

/** An answer that a service in memory has kept, and what comes of its replay. */
export interface KeptAnswer {
  record: AnswerRecord
  trace: AnswerTrace
  replayed?: {
    answer: Answer
    trace: AnswerTrace
    documentsNow?: Map<string, { revision: number; contentHash: string }>
  }
}

type Stored = Pick<
  InkstoneService,
  'listAnswers' | 'getAnswer' | 'getAnswerTrace' | 'deleteAnswer' | 'rateAnswer' | 'replayAnswer'
>

/** Answers in memory, newest first. */
export function keptAnswers(given: readonly KeptAnswer[]): Stored {
  const kept = new Map(given.map((answer) => [answer.record.id, answer]))
  const find = (id: string): KeptAnswer => {
    const found = kept.get(id)
    if (found === undefined) throw new InkstoneError('answer_not_found', `there is no answer "${id}"`)
    return found
  }
  return {
    async listAnswers({ limit = 50, cursor = '0', rating, conversationId, knowledgeBaseId, documentId } = {}) {
      const start = Number(cursor)
      const all = [...kept.values()].filter(
        ({ record, trace }) =>
          (rating === undefined || record.feedback?.rating === rating) &&
          (conversationId === undefined || record.conversationId === conversationId) &&
          (knowledgeBaseId === undefined || record.knowledgeBaseIds.includes(knowledgeBaseId)) &&
          (documentId === undefined || trace.documents.some((document) => document.documentId === documentId)),
      )
      const items = all.slice(start, start + limit).map(({ record: { answer: _, ...summary } }) => summary)
      return { items, nextCursor: start + limit < all.length ? String(start + limit) : null }
    },
    getAnswer: async (id) => find(id).record,
    getAnswerTrace: async (id) => find(id).trace,
    async deleteAnswer(id) {
      kept.delete(find(id).record.id)
    },
    async rateAnswer(id, { rating, reason = null, correctedAnswer = null }) {
      const found = find(id)
      const feedback = { rating, reason, correctedAnswer, at: '2026-11-20T09:00:00.000Z' }
      kept.set(id, { ...found, record: { ...found.record, feedback } })
      return find(id).record
    },
    async replayAnswer(id): Promise<AnswerReplay> {
      const { record, trace, replayed } = find(id)
      if (replayed === undefined) throw new InkstoneError('language_model_busy', 'too many questions wait')
      const changes: AnswerChanges = compareAnswers({ answer: record.answer, trace }, replayed, {
        documentsNow: replayed.documentsNow ?? new Map(),
      })
      return { before: record, after: replayed.answer, trace: replayed.trace, changes }
    },
  }
}
