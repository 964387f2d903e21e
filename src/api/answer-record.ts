import { z } from 'zod'
import type { AnswerSummary, AnswerTrace, AskedWith, Feedback, UnfinishedAnswer } from '../core/answer-record.js'
import type { ChatMessage } from '../core/ports.js'
import { answerBase, answerSchema, modelProblemSchema, noticeCodeSchema, usageSchema } from './answer.js'
import { pageNumberSchema } from './chunk.js'
import { searchFilterSchema } from './filter.js'
import { orNull } from './optional.js'
import { signalsSchema } from './search.js'

const count = z.number().int().min(0)
const milliseconds = z.number().min(0)
const ratingSchema = z.enum(['up', 'down'])

export const feedbackSchema = z
  .object({
    rating: ratingSchema,
    reason: z.string().nullable(),
    correctedAnswer: z.string().nullable(),
    at: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Feedback' }) satisfies z.ZodType<Feedback>

const summaryFields = {
  id: z.string(),
  question: z.string(),
  knowledgeBaseIds: z.array(z.string()).meta({ description: 'What was searched.' }),
  conversationId: z.string().nullable(),
  position: z.number().int().min(1).nullable().meta({ description: 'Place in its conversation, counts from 1.' }),
  askedAt: z.string().meta({ format: 'date-time' }),
  status: z.enum(['answered', 'abstained', 'stopped', 'failed']).meta({
    description: '`stopped`: whoever asked went away or stopped it. `failed`: it broke off by an error.',
  }),
  modelId: z.string(),
  feedback: orNull(feedbackSchema),
}

export const answerSummarySchema = z
  .object(summaryFields)
  .meta({ id: 'AnswerSummary' }) satisfies z.ZodType<AnswerSummary>

const unfinishedAnswerSchema = z
  .object({
    status: z.enum(['stopped', 'failed']),
    ...answerBase,
    text: z.string().meta({ description: 'What had been written; its markers were not checked.' }),
    problem: modelProblemSchema,
  })
  .meta({ id: 'UnfinishedAnswer' }) satisfies z.ZodType<UnfinishedAnswer>

/** An answer's body as it is kept and shown. */
export const keptAnswerSchema = z.union([answerSchema, unfinishedAnswerSchema])

const candidateSchema = z.object({
  rank: z.number().int().min(1),
  score: z.number(),
  signals: signalsSchema,
  chunkId: z.string(),
  documentId: z.string(),
  revision: count,
  index: count,
  page: pageNumberSchema,
})

const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
}) satisfies z.ZodType<ChatMessage>

const askedWithSchema = z.object({
  knowledgeBaseIds: z.array(z.string()),
  history: z.array(z.string()),
  topK: count,
  maxPerDocument: count.nullable(),
  filter: searchFilterSchema,
  model: orNull(
    z.object({ modelId: z.string(), temperature: z.number(), maxTokens: count, contextTokens: count }),
  ).meta({ description: 'Null: answers are quotes.' }),
  rerankModelId: z.string().nullable(),
  embeddingFingerprint: z.string(),
}) satisfies z.ZodType<AskedWith>

export const answerTraceSchema = z
  .object({
    version: z.string(),
    asked: askedWithSchema,
    searches: z.array(
      z.object({
        searchedFor: z.string(),
        filter: searchFilterSchema,
        topK: count,
        candidates: z.array(candidateSchema).meta({ description: 'Best first; the best of those `considered`.' }),
        considered: count,
        embedMs: milliseconds,
        retrieveMs: milliseconds,
      }),
    ),
    prompts: z.array(
      z.object({
        messages: z.array(chatMessageSchema),
        sha256: z.string().meta({ description: 'Of the messages as JSON, hex.' }),
        maxTokens: count,
        usage: usageSchema,
        firstTokenMs: milliseconds.nullable(),
        totalMs: milliseconds,
      }),
    ),
    documents: z.array(
      z.object({
        documentId: z.string(),
        knowledgeBaseId: z.string(),
        title: z.string(),
        revision: count,
        contentHash: z.string(),
      }),
    ),
    notices: z.array(z.object({ code: noticeCodeSchema, message: z.string(), problem: modelProblemSchema })),
    problem: modelProblemSchema,
    usage: usageSchema,
    timings: z.record(z.string(), milliseconds).meta({ description: 'Milliseconds by stage.' }),
  })
  .meta({ id: 'AnswerTrace', description: 'Why an answer is what it is.' }) satisfies z.ZodType<AnswerTrace>
