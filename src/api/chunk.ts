import { z } from 'zod'
import type { BlockKind, Chunk, PageText, Span } from '../core/types.js'
import { listOf } from './paging.js'

export const spanSchema = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) }).meta({
  id: 'Span',
  description: "Half-open range of UTF-16 offsets into the document's text, or into the answer's text.",
  examples: [{ start: 0, end: 24 }],
}) satisfies z.ZodType<Span>

/** Counts from 1; null where the format has no pages. */
export const pageNumberSchema = z
  .number()
  .int()
  .min(1)
  .nullable()
  .meta({ description: 'Counts from 1; null where the format has no pages.' })

const blockKindSchema = z.enum([
  'heading',
  'paragraph',
  'table',
  'list',
  'code',
  'caption',
  'footnote',
  'ocr',
]) satisfies z.ZodType<BlockKind>

export const chunkSchema = z
  .object({
    id: z.string(),
    knowledgeBaseId: z.string(),
    documentId: z.string(),
    revision: z.number().int().min(0),
    documentTitle: z.string(),
    index: z.number().int().min(0).meta({ description: 'Position in the document, counts from 0.' }),
    text: z.string(),
    span: spanSchema,
    page: pageNumberSchema,
    headingPath: z.array(z.string()),
    kind: blockKindSchema,
    tableHeader: z
      .string()
      .nullable()
      .meta({ description: 'Header row of the table in which the chunk starts; null when it starts elsewhere.' }),
    tokenCount: z.number().int().min(0),
  })
  .meta({
    id: 'Chunk',
    description: 'A passage of a document: what is searched and cited.',
    examples: [
      {
        id: 'chk_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        knowledgeBaseId: 'kb_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        documentId: 'doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        revision: 1,
        documentTitle: '离心泵手册',
        index: 0,
        text: '每运行两千小时更换一次机械密封。',
        span: { start: 0, end: 16 },
        page: 3,
        headingPath: ['维护'],
        kind: 'paragraph',
        tableHeader: null,
        tokenCount: 18,
      },
    ],
  }) satisfies z.ZodType<Chunk>

export const chunkListSchema = listOf(chunkSchema).meta({ id: 'ChunkList' })

export const pageTextSchema = z.object({ page: pageNumberSchema, span: spanSchema, text: z.string() }).meta({
  id: 'PageText',
  description: "A page's share of the document's text. A format without pages has one, whose `page` is null.",
  examples: [{ page: 3, span: { start: 0, end: 16 }, text: '每运行两千小时更换一次机械密封。' }],
}) satisfies z.ZodType<PageText>
