import { createRoute, z } from '@hono/zod-openapi'
import { submissionSchema } from '../../api/document.js'
import { knowledgeBaseParameter } from '../../api/knowledge-base.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, problem, usualProblems } from '../openapi.js'
import { receiveUpload } from '../upload.js'

const description = `Send the file in the field \`file\`; the other fields, where given, come before it. One file
in one request. The file is stored when the reply comes: it will be ingested even if the server crashes, and the job
tells when it can be found.

Sending the same again is harmless: documents are known by their content, so a repeat answers 200 \`unchanged\` and
changes nothing. A header \`Idempotency-Key\` is therefore accepted and not needed.`

const upload = createRoute({
  method: 'post',
  path: '/v1/knowledge-bases/{kb}/documents',
  tags: ['Documents'],
  summary: 'Hand in a document',
  description,
  request: {
    params: z.object({ kb: knowledgeBaseParameter }),
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          // Not a zod schema: the validator would hold the whole file in memory. `receiveUpload` checks as it reads.
          schema: {
            type: 'object',
            required: ['file'],
            properties: {
              sourceUri: {
                type: 'string',
                maxLength: 2048,
                description:
                  'The path or URL the file is known by; the same one again replaces the document. Default: file name.',
              },
              metadata: {
                type: 'string',
                contentMediaType: 'application/json',
                description: 'JSON object of strings, numbers, booleans and lists of strings, such as tags.',
              },
              passwords: {
                type: 'string',
                contentMediaType: 'application/json',
                description: 'JSON array of passwords, tried in order when the file is encrypted.',
              },
              priority: {
                type: 'string',
                enum: ['interactive', 'background'],
                description: 'What a person waits for goes before what a folder sync brings.',
              },
              file: { type: 'string', contentMediaType: 'application/octet-stream', description: 'The document.' },
            },
          },
        },
      },
    },
  },
  responses: {
    200: json(submissionSchema, 'Nothing to do: `outcome` is `unchanged` or `duplicate`.'),
    202: {
      ...json(submissionSchema, 'Stored and queued.'),
      headers: { Location: { schema: { type: 'string' as const }, description: 'Path of the job.' } },
    },
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
    413: problem('The file is larger than the server takes.'),
    415: problem('The body is not multipart/form-data.'),
    507: problem('The disk is full.'),
  },
})

/** Registers the upload of documents. */
export function addUploadRoute(
  app: ServerApp,
  service: InkstoneService,
  { maxUploadBytes }: { maxUploadBytes: number },
): void {
  app.openapi(upload, async (c) => {
    const { kb } = c.req.valid('param')
    const submission = await receiveUpload(c.req.raw, {
      maxUploadBytes,
      clientGone: c.get('signal'),
      store: (file, signal) => service.submit(kb, file, { signal }),
    })
    if (submission.outcome === 'created' || submission.outcome === 'updated') {
      return c.json(submission, 202, { location: `/v1/jobs/${encodeURIComponent(submission.job.id)}` })
    }
    return c.json(submission, 200)
  })
}
