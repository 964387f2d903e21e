import { z } from 'zod'
import type { SearchReply, SearchRequest } from '../core/service.js'
import type { Duplicate, Hit, Signals } from '../core/types.js'
import { chunkSchema, pageNumberSchema } from './chunk.js'
import { searchFilterSchema } from './filter.js'
import { limits } from './limits.js'
import { optional } from './optional.js'

export const signalsSchema = z
  .object({
    dense: z.number().nullable().meta({ description: 'Cosine of question and chunk; null when not in that list.' }),
    lexical: z.number().nullable().meta({ description: 'BM25 score; null when not in that list.' }),
    fused: z.number().meta({ description: 'What the two became together, 0 to 1.' }),
    rerank: z
      .number()
      .nullable()
      .meta({ description: 'What a reranking model says, 0 to 1; null when none has read the chunk.' }),
  })
  .meta({
    id: 'Signals',
    description: 'Where a score comes from. Every signal: higher is better.',
    examples: [{ dense: 0.71, lexical: 12.4, fused: 0.9, rerank: null }],
  }) satisfies z.ZodType<Signals>

const duplicateSchema = z.object({ documentId: z.string(), documentTitle: z.string(), page: pageNumberSchema }).meta({
  id: 'Duplicate',
  description: 'Another document in which the text of a hit stands.',
  examples: [{ documentId: 'doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2', documentTitle: '离心泵手册（副本）', page: 3 }],
}) satisfies z.ZodType<Duplicate>

export const hitSchema = z
  .object({
    rank: z.number().int().min(1),
    score: z.number(),
    signals: signalsSchema,
    chunk: chunkSchema,
    duplicates: optional(z.array(duplicateSchema)),
  })
  .meta({ id: 'Hit', description: 'A passage that was found; rank 1 is the best.' }) satisfies z.ZodType<Hit>

/** Text that is searched for: at most 4,000 characters, not blank. */
export const questionTextSchema = z.string().max(limits.questionCharacters).regex(/\S/, 'must not be blank')

export const queryDescription =
  '`"two words"`: only passages that hold this phrase. `-word`, `-"two words"`: only passages that do not. ' +
  '`title:word`, `title:"two words"`: only where the title or a heading holds it. All else is searched for by meaning ' +
  'and by words.'

/** What a search and a question have in common: where to look and how much to bring. */
export const retrievalParameters = {
  knowledgeBaseIds: optional(
    z
      .array(z.string().min(1).max(100))
      .max(limits.knowledgeBaseIds)
      .meta({ description: 'Ids or slugs; all knowledge bases when left out.' }),
  ),
  topK: optional(z.number().int().min(1).max(limits.topK).meta({ description: 'Most passages brought.' })),
  maxPerDocument: optional(
    z
      .number()
      .int()
      .min(1)
      .max(limits.topK)
      .meta({ description: 'Most passages of one document; any number when left out.' }),
  ),
  filter: optional(searchFilterSchema),
}

export const searchRequest = z
  .strictObject({ query: questionTextSchema.meta({ description: queryDescription }), ...retrievalParameters })
  .meta({
    id: 'SearchRequest',
    examples: [{ query: '机械密封多久更换', knowledgeBaseIds: ['manuals'], topK: 5 }],
  }) satisfies z.ZodType<SearchRequest>

export const searchReplySchema = z
  .object({
    hits: z.array(hitSchema),
    missingPhrases: optional(
      z.array(z.string()).meta({
        description:
          'The quoted phrases, when no passage holds them all and they were searched for as words; else left out.',
      }),
    ),
  })
  .meta({ id: 'SearchReply' }) satisfies z.ZodType<SearchReply>
