import { z } from 'zod'
import type {
  Answer,
  AnswerEvent,
  AnswerMode,
  Citation,
  FinishReason,
  NoticeCode,
  RefusalReason,
  Step,
  StepNote,
  StepPlace,
  Timings,
  Usage,
} from '../core/answer.js'
import type { AnswerRequest } from '../core/service.js'
import { pageNumberSchema, spanSchema } from './chunk.js'
import { limits } from './limits.js'
import { optional } from './optional.js'
import { problemSchema } from './problem.js'
import { hitSchema, queryDescription, questionTextSchema, retrievalParameters } from './search.js'

export const answerModeSchema = z.enum(['quick', 'deep']).meta({
  id: 'AnswerMode',
  description:
    '`quick`, the default, answers from one search. `deep` has the language model plan sub-questions, search for each, ' +
    'read and decide whether enough is known, within limits. Without a language model the answer is quick, with a notice.',
}) satisfies z.ZodType<AnswerMode>

export const answerRequest = z
  .strictObject({
    question: questionTextSchema.meta({ description: queryDescription }),
    mode: optional(answerModeSchema),
    history: optional(
      z
        .array(questionTextSchema)
        .max(limits.historyEntries)
        .meta({ description: "The user's earlier questions of this conversation, oldest first." }),
    ),
    conversationId: optional(
      z
        .string()
        .min(1)
        .max(100)
        .meta({
          description:
            'Id of a conversation: the answer is kept in it and its earlier answers are the history. `new` begins one, ' +
            'whose id is in `answer.started` and in the answer.',
          examples: ['new'],
        }),
    ),
    ...retrievalParameters,
    keep: optional(z.boolean().meta({ description: 'False: the answer is not kept. Default true.' })),
    evenIfUnsure: optional(
      z.boolean().meta({ description: 'Answer from the nearest passages rather than refuse; a notice says so.' }),
    ),
  })
  .meta({
    id: 'AnswerRequest',
    examples: [{ question: '机械密封多久更换一次？', knowledgeBaseIds: ['manuals'] }],
  }) satisfies z.ZodType<AnswerRequest>

const citationSchema = z
  .object({
    marker: z.number().int().min(1).meta({ description: "The number in square brackets in the answer's text." }),
    documentId: z.string(),
    documentTitle: z.string(),
    chunkId: z.string(),
    page: pageNumberSchema,
    headingPath: z.array(z.string()),
    quote: z.string().meta({ description: 'Verbatim text of the source.' }),
    sourceSpan: spanSchema,
    answerSpan: spanSchema,
    verified: z.boolean().meta({
      description:
        'Whether the quote was found in the stored text at `sourceSpan` and holds what the answer says: numbers, units, dates, part numbers and negations included.',
    }),
  })
  .meta({
    id: 'Citation',
    examples: [
      {
        marker: 1,
        documentId: 'doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        documentTitle: '离心泵手册',
        chunkId: 'chk_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        page: 3,
        headingPath: ['维护'],
        quote: '每运行两千小时更换一次机械密封。',
        sourceSpan: { start: 0, end: 16 },
        answerSpan: { start: 0, end: 16 },
        verified: true,
      },
    ],
  }) satisfies z.ZodType<Citation>

export const usageSchema = z
  .object({ inputTokens: z.number().int().min(0), outputTokens: z.number().int().min(0) })
  .meta({ id: 'Usage', examples: [{ inputTokens: 812, outputTokens: 64 }] }) satisfies z.ZodType<Usage>

const timingsSchema = z
  .object({
    embedMs: z.number().min(0),
    retrieveMs: z.number().min(0),
    generateMs: z.number().min(0),
    deepMs: optional(
      z.number().min(0).meta({ description: 'Of all steps of a deep answer; left out of a quick one.' }),
    ),
    totalMs: z.number().min(0),
  })
  .meta({
    id: 'Timings',
    examples: [{ embedMs: 3, retrieveMs: 9, generateMs: 40, totalMs: 52 }],
  }) satisfies z.ZodType<Timings>

const refusalReasonSchema = z.enum(['no_match', 'out_of_scope', 'low_confidence', 'still_indexing']).meta({
  id: 'RefusalReason',
  description:
    '`no_match`: nothing was found. `out_of_scope`: nothing there is of what the question is about. ' +
    '`low_confidence`: what was found does not carry an answer. `still_indexing`: documents that may hold it are ' +
    'still being read.',
}) satisfies z.ZodType<RefusalReason>

const finishReasonSchema = z.enum(['complete', 'length', 'cut_off']).meta({
  id: 'FinishReason',
  description:
    'Why the text ends where it does: it is whole, it is as long as answers may be, or the language model broke off ' +
    'and this is what it had written.',
}) satisfies z.ZodType<FinishReason>

export const noticeCodeSchema = z
  .enum([
    ...['model_failed', 'cut_off', 'length', 'uncited', 'not_reranked', 'phrases_missing', 'unsure'],
    ...['deep_unavailable', 'deep_steps', 'deep_tokens', 'deep_time', 'deep_broke_off'],
  ] as const)
  .meta({
    id: 'NoticeCode',
    description:
      '`model_failed`: the text is quotes, since the language model wrote nothing. `cut_off`, `length`: it is not ' +
      'whole. `uncited`: it names no source. `not_reranked`: the reranking model failed. ' +
      '`phrases_missing`: no passage holds all quoted phrases, so they were searched for as words. ' +
      '`deep_unavailable`: there is no language model, so the answer is a quick one. `deep_steps`, `deep_tokens`, ' +
      '`deep_time`, `deep_broke_off`: the steps of a deep answer reached a limit, or something failed on the way, so it ' +
      'rests on what was found until then. ' +
      '`unsure`: it would have been a refusal, had it not been asked for with `evenIfUnsure`.',
  }) satisfies z.ZodType<NoticeCode>

export const modelProblemSchema = problemSchema
  .nullable()
  .meta({ description: 'What the language model failed by; null when it did not.' })

const stepPlace = { documentId: z.string(), documentTitle: z.string(), page: pageNumberSchema }
const stepPlaceSchema = z.object(stepPlace).meta({ id: 'StepPlace' }) satisfies z.ZodType<StepPlace>
const stepNoteSchema = z.object({ ...stepPlace, text: z.string() }).meta({
  id: 'StepNote',
  description: 'What a passage says towards a sub-question, in the words of the language model; never cited.',
}) satisfies z.ZodType<StepNote>

const stepTaken = { ms: z.number().min(0), usage: usageSchema }
const understood = z.boolean().meta({ description: "Whether the language model's reply could be used." })
const subQuestions = z.array(z.string())

const stepSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('plan'), ...stepTaken, subQuestions, understood }),
    z.object({ kind: z.literal('search'), ...stepTaken, subQuestion: z.string(), found: z.array(stepPlaceSchema) }),
    z.object({
      kind: z.literal('read'),
      ...stepTaken,
      subQuestion: z.string(),
      notes: z.array(stepNoteSchema),
      understood,
    }),
    z.object({
      kind: z.literal('decide'),
      ...stepTaken,
      enough: z.boolean(),
      subQuestions: subQuestions.meta({ description: 'Those looked into next.' }),
      understood,
    }),
  ])
  .meta({ id: 'Step', description: 'One step on the way to a deep answer.' }) satisfies z.ZodType<Step>

const inConversation = optional(z.string().meta({ description: 'Left out when the question was asked by itself.' }))

export const answerBase = {
  id: z.string(),
  question: z.string(),
  searchedFor: z.string().meta({ description: 'The question as completed from the ones before it.' }),
  conversationId: inConversation,
  hits: z.array(hitSchema),
  usage: usageSchema,
  timings: timingsSchema,
  steps: optional(
    z.array(stepSchema).meta({ description: 'How a deep answer was looked for, in order; left out of a quick one.' }),
  ),
}

export const answerSchema = z
  .discriminatedUnion('status', [
    z
      .object({
        status: z.literal('answered'),
        ...answerBase,
        text: z.string(),
        modelId: z.string(),
        citations: z.array(citationSchema),
        finishReason: finishReasonSchema,
        notice: z.string().nullable().meta({ description: 'What a reader must know of the text, for people.' }),
        problem: modelProblemSchema,
        inventedMarkers: z.number().int().min(0).meta({
          description: 'Markers of the language model that named no passage and were left out of the text.',
        }),
      })
      .meta({ id: 'Answered' }),
    z
      .object({
        status: z.literal('abstained'),
        ...answerBase,
        reason: refusalReasonSchema,
        message: z.string(),
        pendingDocuments: optional(
          z.array(z.string()).meta({ description: 'Names of the first documents that are still being read.' }),
        ),
      })
      .meta({ id: 'Abstained', description: 'The passages do not carry an answer; the nearest are in `hits`.' }),
  ])
  .meta({ id: 'Answer' }) satisfies z.ZodType<Answer>

export const answerEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('answer.started'),
      id: z.string(),
      question: z.string(),
      conversationId: inConversation,
    }),
    z.object({ type: z.literal('step'), step: stepSchema }),
    z.object({ type: z.literal('retrieval'), searchedFor: z.string(), hits: z.array(hitSchema) }),
    z.object({ type: z.literal('delta'), text: z.string() }),
    z.object({ type: z.literal('citation'), citation: citationSchema }),
    z.object({ type: z.literal('refusal'), reason: refusalReasonSchema, message: z.string() }),
    z.object({
      type: z.literal('notice'),
      code: noticeCodeSchema,
      message: z.string(),
      problem: modelProblemSchema,
    }),
    z.object({ type: z.literal('usage'), usage: usageSchema }),
    z.object({ type: z.literal('done'), answer: answerSchema }),
  ])
  .meta({
    id: 'AnswerEvent',
    description:
      'One event of a streamed answer: the steps of a deep one and sources first, then text with each citation as soon as its statement has ended, `done` last.',
  }) satisfies z.ZodType<AnswerEvent>
