import { z } from 'zod'
import type { SourceEntry } from '../core/catalogue.js'
import type { JobPriority, Submission } from '../core/job.js'
import type { Document, DocumentStatus, Loss } from '../core/types.js'
import { filterParameter } from './filter.js'
import { jobSchema } from './job.js'
import { limits } from './limits.js'
import { optional, orNull } from './optional.js'
import { listOf, pageOf, pagingParameters } from './paging.js'
import { problemSchema } from './problem.js'

const documentStatusSchema = z.enum(['processing', 'ready', 'failed']) satisfies z.ZodType<DocumentStatus>

const lossSchema = z
  .object({
    kind: z.enum(['page', 'image', 'formula', 'object', 'text', 'member']),
    count: z.number().int().min(0),
    pages: z.array(z.number().int().min(0)).meta({ description: 'Where; at most the first 100.' }),
    reason: z.string(),
  })
  .meta({
    id: 'Loss',
    description: 'What a document holds that could not be read.',
    examples: [{ kind: 'image', count: 2, pages: [3, 7], reason: 'no text was recognised in it' }],
  }) satisfies z.ZodType<Loss>

const metadataValueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])

export const documentSchema = z
  .object({
    id: z.string(),
    knowledgeBaseId: z.string(),
    sourceUri: z.string().meta({ description: 'The path or URL under which the document was handed in first.' }),
    title: z.string(),
    mediaType: z.string(),
    contentHash: z.string().meta({ description: 'SHA-256 of the newest accepted bytes, hex.' }),
    sizeBytes: z.number().int().min(0),
    revision: z.number().int().min(0).meta({ description: 'What searches see; 0 until a first revision is ready.' }),
    status: documentStatusSchema,
    pageCount: z.number().int().min(0).nullable(),
    chunkCount: z.number().int().min(0),
    tableCount: z.number().int().min(0),
    ocrCount: z.number().int().min(0).meta({ description: 'Pages and pictures whose text was recognised.' }),
    losses: z.array(lossSchema).meta({ description: 'What could not be read.' }),
    metadata: z.record(z.string(), metadataValueSchema),
    error: orNull(problemSchema),
    createdAt: z.string().meta({ format: 'date-time' }),
    updatedAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({
    id: 'Document',
    examples: [
      {
        id: 'doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        knowledgeBaseId: 'kb_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        sourceUri: 'manuals/pump.pdf',
        title: '离心泵手册',
        mediaType: 'application/pdf',
        contentHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        sizeBytes: 48_213,
        revision: 1,
        status: 'ready',
        pageCount: 12,
        chunkCount: 31,
        tableCount: 4,
        ocrCount: 0,
        losses: [],
        metadata: { department: 'maintenance' },
        error: null,
        createdAt: '2026-11-20T08:00:00.000Z',
        updatedAt: '2026-11-20T08:00:05.000Z',
      },
    ],
  }) satisfies z.ZodType<Document>

export const documentPageSchema = pageOf(documentSchema).meta({ id: 'DocumentPage' })

export const submissionSchema = z
  .discriminatedUnion('outcome', [
    z.object({ outcome: z.enum(['created', 'updated']), document: documentSchema, job: jobSchema }),
    z.object({ outcome: z.enum(['unchanged', 'duplicate']), document: documentSchema, job: orNull(jobSchema) }),
  ])
  .meta({
    id: 'Submission',
    description:
      'What became of a file. `unchanged`: its content is already stored under its name. `duplicate`: another ' +
      'document of the knowledge base has the same content.',
  }) satisfies z.ZodType<Submission>

export const sourceEntrySchema = z
  .object({
    sourceUri: z.string(),
    documentId: z.string(),
    contentHash: z.string(),
    sizeBytes: z.number().int().min(0),
    status: documentStatusSchema,
    error: orNull(problemSchema),
    containerId: z.string().nullable().meta({ description: 'The document that it was found in, such as an archive.' }),
  })
  .meta({ id: 'SourceEntry' }) satisfies z.ZodType<SourceEntry>

export const sourceListSchema = listOf(sourceEntrySchema).meta({ id: 'SourceList' })

const metadataKey = z.string().min(1).max(limits.metadataKeyCharacters)
const metadataText = z.string().max(limits.metadataValueCharacters)
const givenMetadataValue = z.union([
  metadataText,
  z.number(),
  z.boolean(),
  z.array(metadataText).max(limits.metadataListItems),
])
const isWithinKeys = (metadata: object) => Object.keys(metadata).length <= limits.metadataKeys
const tooManyKeys = `at most ${limits.metadataKeys} keys`

/** The `metadata` field of an upload, as JSON. */
export const uploadMetadataSchema = z
  .record(metadataKey, givenMetadataValue)
  .refine(isWithinKeys, tooManyKeys)
  .meta({ id: 'UploadMetadata', examples: [{ department: 'maintenance', year: 2026, tags: ['泵', '检修'] }] })

export const updateDocumentRequest = z
  .strictObject({
    metadata: z.record(metadataKey, z.union([givenMetadataValue, z.null()])).refine(isWithinKeys, tooManyKeys),
  })
  .meta({
    id: 'UpdateDocument',
    description: 'What is named is set, null takes it away, and what is not named stays. Searches see it at once.',
    examples: [{ metadata: { year: 2026, tags: ['泵', '检修'], draft: null } }],
  })

/** The `passwords` field of an upload, as JSON. */
export const uploadPasswordsSchema = z
  .array(z.string().min(1).max(1_000))
  .max(100)
  .meta({ id: 'UploadPasswords', description: 'Tried in order when the file is encrypted.' })

export const uploadPrioritySchema = z.enum(['interactive', 'background']).meta({
  id: 'UploadPriority',
  description: 'What a person waits for goes before what a folder sync brings. Default `interactive`.',
}) satisfies z.ZodType<JobPriority>

/** The path or URL that a file is known by. */
export const sourceUriSchema = z
  .string()
  .min(1)
  .max(limits.sourceUriCharacters)
  .refine((uri) => !hasControlCharacter(uri), 'must not hold control characters')
  .meta({ description: 'The path or URL that the file is known by.', examples: ['manuals/pump.pdf'] })

function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

export const removeSourceQuery = z.strictObject({ uri: sourceUriSchema })

export const listDocumentsQuery = z.strictObject({
  status: optional(documentStatusSchema),
  filter: optional(filterParameter),
  ...pagingParameters,
})

export const documentParameter = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Id of a document.', examples: ['doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'] })

export const pageParameter = z.coerce
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: 'Counts from 1; 1 is the whole text of a format without pages.', examples: [3] })
