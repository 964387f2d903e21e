import { z } from 'zod'
import type { AnswerChanges, AnswerReplay, CitedPlace, HitPlace } from '../core/answer-replay.js'
import { answerSchema } from './answer.js'
import { answerRecordSchema, answerTraceSchema } from './answer-record.js'
import { pageNumberSchema } from './chunk.js'
import { orNull } from './optional.js'
import { signalsSchema } from './search.js'

const citedPlaceSchema = z
  .object({
    marker: z.number().int(),
    documentId: z.string(),
    documentTitle: z.string(),
    page: pageNumberSchema,
    headingPath: z.array(z.string()),
    quote: z.string(),
    verified: z.boolean(),
  })
  .meta({ id: 'CitedPlace' }) satisfies z.ZodType<CitedPlace>

const hitPlaceSchema = z
  .object({
    rank: z.number().int().min(1),
    documentId: z.string(),
    documentTitle: z.string(),
    page: pageNumberSchema,
    signals: signalsSchema,
    snippet: z.string(),
  })
  .meta({ id: 'HitPlace' }) satisfies z.ZodType<HitPlace>

const documentStateSchema = z.object({ revision: z.number().int().min(0), contentHash: z.string() })

const answerChangesSchema = z
  .object({
    sameAnswer: z.boolean().meta({ description: 'Status, text and citations are as they were.' }),
    status: z.object({
      before: z.enum(['answered', 'abstained', 'stopped', 'failed']),
      after: z.enum(['answered', 'abstained']),
    }),
    text: z
      .array(z.object({ kind: z.enum(['same', 'gone', 'new']), text: z.string() }))
      .meta({ description: 'All but the new stretches are the text before, all but the gone ones the text after.' }),
    citations: z
      .array(
        z.object({
          kind: z.enum(['same', 'moved', 'changed', 'gone', 'new']),
          before: orNull(citedPlaceSchema),
          after: orNull(citedPlaceSchema),
        }),
      )
      .meta({ description: '`moved`: to another page. `changed`: its quote, or whether it is verified.' }),
    hits: z
      .array(
        z.object({
          kind: z.enum(['same', 'moved', 'entered', 'left']),
          textChanged: z.boolean(),
          before: orNull(hitPlaceSchema),
          after: orNull(hitPlaceSchema),
        }),
      )
      .meta({ description: '`moved`: to another rank.' }),
    documents: z
      .array(
        z.object({
          kind: z.enum(['same', 'changed', 'gone', 'unused', 'new']),
          documentId: z.string(),
          title: z.string(),
          before: documentStateSchema.nullable(),
          after: documentStateSchema.nullable(),
        }),
      )
      .meta({ description: '`unused`: it is as it was, and was not found this time.' }),
    settings: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
    prompt: z
      .object({
        kind: z.enum(['none', 'same', 'passages', 'instructions']),
        before: z.array(z.string()),
        after: z.array(z.string()),
      })
      .meta({ description: 'The hashes of the prompts. `instructions`: more than passages and question is another.' }),
    timings: z.array(z.object({ stage: z.string(), beforeMs: z.number().nullable(), afterMs: z.number().nullable() })),
  })
  .meta({ id: 'AnswerChanges' }) satisfies z.ZodType<AnswerChanges>

export const answerReplaySchema = z
  .object({
    before: answerRecordSchema,
    after: answerSchema,
    trace: answerTraceSchema.meta({ description: 'How the new answer came about; it is not kept.' }),
    changes: answerChangesSchema,
  })
  .meta({
    id: 'AnswerReplay',
    description: 'A question that was asked again, and what has changed.',
  }) satisfies z.ZodType<AnswerReplay>
