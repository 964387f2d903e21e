import { z } from 'zod'
import type { Problem } from '../core/job.js'
import { optional } from './optional.js'

/** An error kept as a value, such as why a document could not be read. */
export const problemSchema = z.object({ code: z.string(), message: z.string(), remedy: optional(z.string()) }).meta({
  id: 'Problem',
  description: 'An error as a value: a code for programs, a sentence for people and, where there is one, a remedy.',
  examples: [
    { code: 'password_required', message: 'the PDF is encrypted', remedy: 'remove the password and hand it in again' },
  ],
}) satisfies z.ZodType<Problem>

/** The body of every reply that reports an error, RFC 9457. */
export const problemDetailsSchema = z
  .object({
    type: z.string().meta({ description: 'URI that names the kind of problem.' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What went wrong, for people.' }),
    instance: z.string().meta({ description: 'Path of the request.' }),
    code: z.string().meta({ description: 'What went wrong, for programs.' }),
    remedy: optional(z.string().meta({ description: 'What would help.' })),
    requestId: z.string().meta({ description: 'Also in the header X-Request-Id and in the log of the server.' }),
    errors: optional(
      z.array(
        z.object({
          pointer: z.string().meta({ description: 'JSON Pointer to what is not valid in body, query or path.' }),
          message: z.string(),
        }),
      ),
    ),
  })
  .meta({
    id: 'ProblemDetails',
    description: 'An error, as application/problem+json (RFC 9457).',
    examples: [
      {
        type: 'urn:inkstone:problem:knowledge_base_not_found',
        title: 'Knowledge base not found',
        status: 404,
        detail: 'there is no knowledge base "manuals"',
        instance: '/v1/knowledge-bases/manuals',
        code: 'knowledge_base_not_found',
        requestId: 'req_01JD3ZQ3W6X8Q2V4T5N7M9K1B2',
      },
    ],
  })

export type ProblemDetails = z.infer<typeof problemDetailsSchema>
