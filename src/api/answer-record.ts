import { z } from 'zod'
import type {
  AnswerRecord,
  AnswerSummary,
  AnswerTrace,
  AskedWith,
  Feedback,
  FeedbackRequest,
  UnfinishedAnswer,
} from '../core/answer-record.js'
import type { ChatMessage } from '../core/ports.js'
import {
  answerBase,
  answerModeSchema,
  answerSchema,
  modelProblemSchema,
  noticeCodeSchema,
  usageSchema,
} from './answer.js'
import { pageNumberSchema } from './chunk.js'
import { searchFilterSchema } from './filter.js'
import { limits } from './limits.js'
import { optional, orNull } from './optional.js'
import { pageOf, pagingParameters } from './paging.js'
import { signalsSchema } from './search.js'

const count = z.number().int().min(0)
const milliseconds = z.number().min(0)
const ratingSchema = z.enum(['up', 'down'])

export const feedbackRequest = z
  .strictObject({
    rating: ratingSchema,
    reason: optional(z.string().max(limits.feedbackCharacters)),
    correctedAnswer: optional(
      z
        .string()
        .max(limits.feedbackCharacters)
        .meta({ description: 'What the answer should have been, in your words.' }),
    ),
  })
  .meta({
    id: 'FeedbackRequest',
    description: 'Takes the place of what was said before.',
    examples: [{ rating: 'down', reason: '引用的是旧版手册', correctedAnswer: '每运行四千小时更换一次。' }],
  }) satisfies z.ZodType<FeedbackRequest>

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

export const answerSummaryPageSchema = pageOf(answerSummarySchema).meta({ id: 'AnswerSummaryPage' })

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

export const answerRecordSchema = z
  .object({ ...summaryFields, answer: keptAnswerSchema })
  .meta({ id: 'AnswerRecord', description: 'An answer as it was given.' }) satisfies z.ZodType<AnswerRecord>

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
  mode: optional(answerModeSchema),
  evenIfUnsure: optional(z.boolean()),
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

export const answerParameter = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Id of an answer.', examples: ['ans_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'] })

const idFilter = z.string().min(1).max(100)

export const listAnswersQuery = z.strictObject({
  conversationId: optional(idFilter),
  knowledgeBaseId: optional(idFilter.meta({ description: 'Those that searched it; an id or a slug.' })),
  documentId: optional(idFilter.meta({ description: 'Those that have passages of it.' })),
  rating: optional(ratingSchema),
  ...pagingParameters,
})
