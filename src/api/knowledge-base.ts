import { z } from 'zod'
import type { GlossaryEntry, KnowledgeBase } from '../core/types.js'
import { ownAnswerabilitySchema } from './answerability.js'
import { limits, slugPattern } from './limits.js'
import { optional, orNull } from './optional.js'
import { listOf } from './paging.js'

const name = (characters: number) => z.string().trim().min(1).max(characters)

export const glossaryEntrySchema = z
  .strictObject({
    term: name(limits.termCharacters),
    meaning: z.string().trim().max(limits.meaningCharacters).default(''),
    synonyms: z.array(name(limits.termCharacters)).max(limits.synonyms).default([]),
  })
  .meta({
    id: 'GlossaryEntry',
    description:
      'A word of the domain. Where it or a synonym occurs in the question or its passages, the language model is told ' +
      'what it means; where it occurs in a question, its synonyms are searched for as well.',
    examples: [{ term: 'MTBF', meaning: '平均无故障工作时间，单位小时', synonyms: ['平均无故障时间'] }],
  }) satisfies z.ZodType<GlossaryEntry>

const preambleSchema = z.string().trim().min(1).max(limits.preambleCharacters).nullable().meta({
  description: 'What the language model is told about the domain before any passage; null: nothing.',
})

export const glossarySchema = z.array(glossaryEntrySchema).max(limits.glossaryEntries)

export const knowledgeBaseSchema = z
  .object({
    id: z.string(),
    slug: z.string().meta({ description: 'Unique name for URLs and the command line.' }),
    name: z.string(),
    createdAt: z.string().meta({ format: 'date-time' }),
    documentCount: z.number().int().min(0),
    chunkTokens: z
      .number()
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'Tokens aimed at for one chunk; null: as configured.' }),
    chunkOverlapTokens: z
      .number()
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'Tokens that neighbours share; null: as configured.' }),
    denseTrust: z.number().min(0).nullable().meta({
      description:
        'What the share of the vectors is multiplied by in the fusion; null: by the language of the question.',
    }),
    answerability: orNull(ownAnswerabilitySchema).meta({
      description: 'When answers are refused, as learned from golden questions; null: as the built-in model says.',
    }),
    preamble: preambleSchema,
    glossary: z.array(glossaryEntrySchema),
  })
  .meta({
    id: 'KnowledgeBase',
    examples: [
      {
        id: 'kb_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        slug: 'manuals',
        name: '设备手册',
        createdAt: '2026-11-20T08:00:00.000Z',
        documentCount: 12,
        chunkTokens: null,
        chunkOverlapTokens: null,
        denseTrust: null,
        answerability: null,
        preamble: null,
        glossary: [],
      },
    ],
  }) satisfies z.ZodType<KnowledgeBase>

export const reindexSchema = z
  .object({ jobs: z.number().int().min(0).meta({ description: 'Documents that are read again.' }) })
  .meta({ id: 'Reindex', examples: [{ jobs: 12 }] })

export const knowledgeBaseListSchema = listOf(knowledgeBaseSchema).meta({ id: 'KnowledgeBaseList' })

const nameSchema = z
  .string()
  .max(limits.nameCharacters)
  .regex(/\S/, 'must not be blank')
  .meta({ description: 'Name shown to people.' })

export const createKnowledgeBaseRequest = z
  .strictObject({
    slug: z
      .string()
      .regex(slugPattern, 'lower-case letters, digits and hyphens, at most 63, no hyphen first')
      .meta({ description: 'Unique name for URLs and the command line.' }),
    name: optional(nameSchema),
  })
  .meta({ id: 'CreateKnowledgeBase', examples: [{ slug: 'manuals', name: '设备手册' }] })

export const updateKnowledgeBaseRequest = z
  .strictObject({
    name: optional(nameSchema),
    chunkTokens: optional(z.number().int().min(32).max(8_192).nullable()),
    chunkOverlapTokens: optional(z.number().int().min(0).max(1_024).nullable()),
    denseTrust: optional(z.number().min(0).max(limits.denseTrust).nullable()),
    answerability: optional(orNull(ownAnswerabilitySchema)),
    preamble: optional(preambleSchema),
    glossary: optional(glossarySchema),
  })
  .meta({
    id: 'UpdateKnowledgeBase',
    description:
      'Other chunk settings hold for what is read from then on; a reindex brings the rest. The other settings hold at once.',
    examples: [{ name: 'Manuals', chunkTokens: 300 }],
  })

export const knowledgeBaseParameter = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Id or slug of a knowledge base.', examples: ['manuals'] })
