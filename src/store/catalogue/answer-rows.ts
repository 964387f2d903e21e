import { z } from 'zod'
import { answerSummarySchema, answerTraceSchema, keptAnswerSchema } from '../../api/answer-record.js'
import type { AnswerRecord, AnswerSummary, AnswerTrace } from '../../core/answer-record.js'
import { InkstoneError } from '../../core/errors.js'

const text = z.string().nullable()

export const answerSummaryRow: z.ZodType<AnswerSummary> = z
  .object({
    id: z.string(),
    question: z.string(),
    knowledge_base_ids: z.string().transform((json): unknown => JSON.parse(json)),
    conversation_id: text,
    position: z.number().nullable(),
    asked_at: z.string(),
    status: z.string(),
    model_id: z.string(),
    rating: text,
    reason: text,
    corrected_answer: text,
    feedback_at: text,
  })
  .transform(({ rating, reason, corrected_answer: correctedAnswer, feedback_at: at, ...row }) => ({
    id: row.id,
    question: row.question,
    knowledgeBaseIds: row.knowledge_base_ids,
    conversationId: row.conversation_id,
    position: row.position,
    askedAt: row.asked_at,
    status: row.status,
    modelId: row.model_id,
    feedback: rating === null ? null : { rating, reason, correctedAnswer, at },
  }))
  .pipe(answerSummarySchema)

/** The body stays text here: see `readAnswer`. */
export const answerRow: z.ZodType<{ summary: AnswerSummary; answer: string }> = z
  .unknown()
  .transform((row) => ({ summary: answerSummaryRow.parse(row), answer: answerBody.parse(row).answer }))

const answerBody = z.object({ answer: z.string() })

export const traceRow = z.object({ trace: z.string() }).transform(({ trace }) => trace)

/** @throws InkstoneError `store_corrupt` */
export function readAnswer({ summary, answer }: { summary: AnswerSummary; answer: string }): AnswerRecord {
  return { ...summary, answer: read(keptAnswerSchema, answer, summary.id) }
}

/** @throws InkstoneError `store_corrupt` */
export function readTrace(json: string, id: string): AnswerTrace {
  return read(answerTraceSchema, json, id)
}

/** One answer that another version wrote is no reason to put a backup in place of everything. */
function read<T>(schema: z.ZodType<T>, json: string, id: string): T {
  try {
    return schema.parse(JSON.parse(json))
  } catch (cause) {
    throw new InkstoneError('store_corrupt', `answer ${id} was kept in a form that this version cannot read`, {
      remedy: 'ask the question again, and delete this answer',
      cause,
    })
  }
}
