import { z } from 'zod'
import { ownAnswerabilitySchema } from '../../api/answerability.js'
import type { SourceEntry } from '../../core/catalogue.js'
import type { Job } from '../../core/job.js'
import type { Document, KnowledgeBase, PageText } from '../../core/types.js'

const count = z.number().int().nonnegative()
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('not JSON')
    return z.NEVER
  }
})
export const metadata = json.pipe(
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
)
const problem = json.pipe(
  z
    .strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() })
    .transform(({ remedy, ...rest }) => (remedy === undefined ? rest : { ...rest, remedy })),
)

const losses = json.pipe(
  z.array(
    z.strictObject({
      kind: z.enum(['page', 'image', 'formula', 'object', 'text', 'member']),
      count,
      pages: z.array(count),
      reason: z.string(),
    }),
  ),
)

const glossary = json.pipe(
  z.array(z.strictObject({ term: z.string(), meaning: z.string(), synonyms: z.array(z.string()) })),
)

export const knowledgeBaseRow: z.ZodType<KnowledgeBase> = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    created_at: z.string(),
    document_count: count,
    chunk_tokens: count.nullable(),
    chunk_overlap_tokens: count.nullable(),
    dense_trust: z.number().nullable(),
    // Evidence of other kinds, as another version gathers it, makes a model void; the knowledge base is as good as ever.
    answerability: json.pipe(ownAnswerabilitySchema).nullable().catch(null),
    preamble: z.string().nullable(),
    glossary,
  })
  .transform(({ id, slug, name, ...row }) => ({
    id,
    slug,
    name,
    createdAt: row.created_at,
    documentCount: row.document_count,
    chunkTokens: row.chunk_tokens,
    chunkOverlapTokens: row.chunk_overlap_tokens,
    denseTrust: row.dense_trust,
    answerability: row.answerability,
    preamble: row.preamble,
    glossary: row.glossary,
  }))

/** A document with what only the catalogue needs to know. */
export interface StoredDocument {
  document: Document
  latestRevision: number
  submittedTitle: string
  submittedMetadata: Document['metadata']
}

export const documentRow: z.ZodType<StoredDocument> = z
  .object({
    id: z.string(),
    knowledge_base_id: z.string(),
    source_uri: z.string(),
    title: z.string(),
    media_type: z.string(),
    content_hash: z.string(),
    size_bytes: count,
    revision: count,
    latest_revision: count,
    status: z.enum(['processing', 'ready', 'failed']),
    page_count: count.nullable(),
    chunk_count: count,
    table_count: count,
    ocr_count: count,
    losses,
    metadata,
    submitted_title: z.string(),
    submitted_metadata: metadata,
    error: problem.nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .transform((row) => ({
    latestRevision: row.latest_revision,
    submittedTitle: row.submitted_title,
    submittedMetadata: row.submitted_metadata,
    document: {
      id: row.id,
      knowledgeBaseId: row.knowledge_base_id,
      sourceUri: row.source_uri,
      title: row.title,
      mediaType: row.media_type,
      contentHash: row.content_hash,
      sizeBytes: row.size_bytes,
      revision: row.revision,
      status: row.status,
      pageCount: row.page_count,
      chunkCount: row.chunk_count,
      tableCount: row.table_count,
      ocrCount: row.ocr_count,
      losses: row.losses,
      metadata: row.metadata,
      error: row.error,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    },
  }))

export const jobRow: z.ZodType<Job> = z
  .object({
    id: z.string(),
    knowledge_base_id: z.string(),
    document_id: z.string(),
    revision: count,
    content_hash: z.string(),
    source_uri: z.string(),
    status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    stage: z.enum([
      'queued',
      'parsing',
      'recognising',
      'chunking',
      'embedding',
      'indexing',
      'done',
      'failed',
      'cancelled',
    ]),
    priority: z.enum(['interactive', 'background']),
    not_before: z.string().nullable(),
    warnings: json.pipe(z.array(z.string())),
    error: problem.nullable(),
    attempts: count,
    created_at: z.string(),
    updated_at: z.string(),
  })
  .transform((row) => ({
    id: row.id,
    knowledgeBaseId: row.knowledge_base_id,
    documentId: row.document_id,
    revision: row.revision,
    contentHash: row.content_hash,
    sourceUri: row.source_uri,
    status: row.status,
    stage: row.stage,
    priority: row.priority,
    pages: null,
    etaSeconds: null,
    notBefore: row.status === 'queued' ? row.not_before : null,
    progress: row.status === 'done' ? 1 : 0,
    documents: { total: 1, done: row.status === 'done' ? 1 : 0, failed: row.status === 'failed' ? 1 : 0 },
    warnings: row.warnings,
    error: row.error,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))

export const pageRow: z.ZodType<PageText> = z
  .object({ page: z.number().int().nullable(), span_start: count, span_end: count, text: z.string() })
  .transform(({ page, span_start, span_end, text }) => ({ page, span: { start: span_start, end: span_end }, text }))

/** A source as it was last handed in, with the document that it became. */
export const sourceRow = z
  .object({
    source_uri: z.string(),
    id: z.string(),
    content_hash: z.string(),
    size_bytes: count,
    status: z.enum(['processing', 'ready', 'failed']),
    error: problem.nullable(),
    container_id: z.string().nullable(),
  })
  .transform(
    ({ source_uri, id, status, error, ...row }): SourceEntry => ({
      sourceUri: source_uri,
      documentId: id,
      contentHash: row.content_hash,
      sizeBytes: row.size_bytes,
      status,
      error,
      containerId: row.container_id,
    }),
  )

export const passwordsRow = z.object({ passwords: json.pipe(z.array(z.string())) }).transform((row) => row.passwords)
export const hashRow = z.object({ content_hash: z.string() }).transform((row) => row.content_hash)
export const measureRow = z
  .object({ total: count, size_bytes: count })
  .transform((row) => ({ count: row.total, sizeBytes: row.size_bytes }))
export const selectionRow = z
  .object({ chunks: count, ids: json.pipe(z.array(z.string())) })
  .transform(({ chunks, ids }) => ({ documentIds: ids, chunkCount: chunks }))
export const countRow = z.object({ total: count }).transform((row) => row.total)
