import { z } from 'zod'
import type { Job, JobStage, JobStatus } from '../core/job.js'
import { knowledgeBaseParameter } from './knowledge-base.js'
import { optional, orNull } from './optional.js'
import { pageOf, pagingParameters } from './paging.js'
import { problemSchema } from './problem.js'

export const jobStatusSchema = z.enum([
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
]) satisfies z.ZodType<JobStatus>

const jobStageSchema = z.enum([
  'queued',
  'parsing',
  'recognising',
  'chunking',
  'embedding',
  'indexing',
  'done',
  'failed',
  'cancelled',
]) satisfies z.ZodType<JobStage>

export const jobSchema = z
  .object({
    id: z.string(),
    knowledgeBaseId: z.string(),
    documentId: z.string(),
    revision: z.number().int().min(0),
    contentHash: z.string(),
    sourceUri: z.string(),
    status: jobStatusSchema,
    stage: jobStageSchema,
    priority: z.enum(['interactive', 'background']),
    progress: z.number().min(0).max(1).meta({ description: 'Share of the stage that is done.' }),
    pages: z
      .object({ done: z.number().int().min(0), total: z.number().int().min(0) })
      .nullable()
      .meta({ description: 'Pages read or recognised so far; null while unknown.' }),
    etaSeconds: z.number().min(0).nullable().meta({ description: 'Estimate until it is searchable.' }),
    notBefore: z.string().nullable().meta({ format: 'date-time', description: 'When a postponed job is tried again.' }),
    documents: z.object({
      total: z.number().int().min(0),
      done: z.number().int().min(0),
      failed: z.number().int().min(0),
    }),
    warnings: z.array(z.string()),
    error: orNull(problemSchema),
    attempts: z.number().int().min(0),
    createdAt: z.string().meta({ format: 'date-time' }),
    updatedAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({
    id: 'Job',
    description: 'The ingest of one document. It survives a crash of the server.',
    examples: [
      {
        id: 'job_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        knowledgeBaseId: 'kb_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        documentId: 'doc_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
        revision: 1,
        contentHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        sourceUri: 'manuals/pump.pdf',
        status: 'running',
        stage: 'embedding',
        priority: 'interactive',
        progress: 0.4,
        pages: { done: 12, total: 12 },
        etaSeconds: 3,
        notBefore: null,
        documents: { total: 1, done: 0, failed: 0 },
        warnings: [],
        error: null,
        attempts: 1,
        createdAt: '2026-11-20T08:00:00.000Z',
        updatedAt: '2026-11-20T08:00:02.000Z',
      },
    ],
  }) satisfies z.ZodType<Job>

export const jobPageSchema = pageOf(jobSchema).meta({ id: 'JobPage' })

export const listJobsQuery = z.strictObject({
  knowledgeBase: optional(knowledgeBaseParameter),
  status: optional(jobStatusSchema),
  ...pagingParameters,
})

export const jobParameter = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'Id of a job.', examples: ['job_01JD3ZQ3W6X8Q2V4T5N7M9K1B2'] })
