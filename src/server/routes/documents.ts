import { createRoute, z } from '@hono/zod-openapi'
import { chunkListSchema, pageTextSchema } from '../../api/chunk.js'
import {
  documentPageSchema,
  documentParameter,
  documentSchema,
  listDocumentsQuery,
  pageParameter,
  sourceListSchema,
  updateDocumentRequest,
} from '../../api/document.js'
import { jobSchema } from '../../api/job.js'
import { knowledgeBaseParameter } from '../../api/knowledge-base.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, jsonBody, problem, usualProblems } from '../openapi.js'

const tags = ['Documents']
const params = z.object({ doc: documentParameter })
const notFound = problem('There is no such document.')

const list = createRoute({
  method: 'get',
  path: '/v1/knowledge-bases/{kb}/documents',
  tags,
  summary: 'Documents of a knowledge base',
  request: { params: z.object({ kb: knowledgeBaseParameter }), query: listDocumentsQuery },
  responses: {
    200: json(documentPageSchema, 'One page of them.'),
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/documents/{doc}',
  tags,
  summary: 'A document',
  request: { params },
  responses: { 200: json(documentSchema, 'The document.'), ...usualProblems, 404: notFound },
})

const update = createRoute({
  method: 'patch',
  path: '/v1/documents/{doc}',
  tags,
  summary: 'Change the metadata of a document',
  request: { params, body: jsonBody(updateDocumentRequest) },
  responses: { 200: json(documentSchema, 'The document.'), ...usualProblems, 404: notFound },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/documents/{doc}',
  tags,
  summary: 'Delete a document with its text and file',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...usualProblems, 404: notFound },
})

const listMembers = createRoute({
  method: 'get',
  path: '/v1/documents/{doc}/members',
  tags,
  summary: 'The documents that were found inside a document, such as the members of an archive',
  request: { params },
  responses: { 200: json(sourceListSchema, 'All of them, by path.'), ...usualProblems, 404: notFound },
})

const getPage = createRoute({
  method: 'get',
  path: '/v1/documents/{doc}/pages/{page}',
  tags,
  summary: 'Text of one page',
  request: { params: z.object({ doc: documentParameter, page: pageParameter }) },
  responses: {
    200: json(pageTextSchema, 'The text and where it stands in the document.'),
    ...usualProblems,
    404: problem('There is no such document or page.'),
  },
})

const listChunks = createRoute({
  method: 'get',
  path: '/v1/documents/{doc}/chunks',
  tags,
  summary: 'The passages a document was cut into',
  request: { params },
  responses: { 200: json(chunkListSchema, 'In order.'), ...usualProblems, 404: notFound },
})

const retry = createRoute({
  method: 'post',
  path: '/v1/documents/{doc}/retry',
  tags,
  summary: 'Ingest a document again',
  request: { params },
  responses: {
    202: {
      ...json(jobSchema, 'Queued.'),
      headers: { Location: { schema: { type: 'string' as const }, description: 'Path of the job.' } },
    },
    ...usualProblems,
    404: notFound,
    409: problem('The document is being ingested already.'),
  },
})

/** Registers what reads, deletes and repeats documents; their files are in `content.ts`. */
export function addDocumentRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) =>
    c.json(await service.listDocuments(c.req.valid('param').kb, c.req.valid('query')), 200),
  )
  app.openapi(get, async (c) => c.json(await service.getDocument(c.req.valid('param').doc), 200))
  app.openapi(update, async (c) =>
    c.json(await service.updateDocument(c.req.valid('param').doc, c.req.valid('json')), 200),
  )
  app.openapi(remove, async (c) => {
    await service.deleteDocument(c.req.valid('param').doc)
    return c.body(null, 204)
  })
  app.openapi(getPage, async (c) => {
    const { doc, page } = c.req.valid('param')
    return c.json(await service.getPage(doc, page), 200)
  })
  app.openapi(listMembers, async (c) => c.json({ items: await service.listMembers(c.req.valid('param').doc) }, 200))
  app.openapi(listChunks, async (c) => c.json({ items: await service.listChunks(c.req.valid('param').doc) }, 200))
  app.openapi(retry, async (c) => {
    const job = await service.retry(c.req.valid('param').doc)
    return c.json(job, 202, { location: `/v1/jobs/${encodeURIComponent(job.id)}` })
  })
}
