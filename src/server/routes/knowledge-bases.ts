import { createRoute, z } from '@hono/zod-openapi'
import { indexStateSchema, tuneEventSchema, tuneRequest } from '../../api/index-state.js'
import {
  createKnowledgeBaseRequest,
  knowledgeBaseListSchema,
  knowledgeBaseParameter,
  knowledgeBaseSchema,
  reindexSchema,
  updateKnowledgeBaseRequest,
} from '../../api/knowledge-base.js'
import type { InkstoneService } from '../../core/service.js'
import type { TuneEvent } from '../../core/tuning.js'
import type { ServerApp } from '../context.js'
import { eventStream, type StreamEvent } from '../event-stream.js'
import { json, jsonBody, problem, usualProblems } from '../openapi.js'
import { streamProblem } from '../problems.js'

const tags = ['Knowledge bases']
const params = z.object({ kb: knowledgeBaseParameter })
const notFound = problem('There is no such knowledge base.')

const list = createRoute({
  method: 'get',
  path: '/v1/knowledge-bases',
  tags,
  summary: 'All knowledge bases',
  responses: { 200: json(knowledgeBaseListSchema, 'All of them.'), ...usualProblems },
})

const create = createRoute({
  method: 'post',
  path: '/v1/knowledge-bases',
  tags,
  summary: 'Make a knowledge base',
  request: { body: jsonBody(createKnowledgeBaseRequest) },
  responses: {
    201: {
      ...json(knowledgeBaseSchema, 'Made.'),
      headers: { Location: { schema: { type: 'string' as const }, description: 'Its path.' } },
    },
    ...usualProblems,
    409: problem('The slug is taken.'),
  },
})

const get = createRoute({
  method: 'get',
  path: '/v1/knowledge-bases/{kb}',
  tags,
  summary: 'A knowledge base',
  request: { params },
  responses: { 200: json(knowledgeBaseSchema, 'The knowledge base.'), ...usualProblems, 404: notFound },
})

const update = createRoute({
  method: 'patch',
  path: '/v1/knowledge-bases/{kb}',
  tags,
  summary: 'Rename a knowledge base, or change how its documents are cut into chunks and its lists are fused',
  request: { params, body: jsonBody(updateKnowledgeBaseRequest) },
  responses: { 200: json(knowledgeBaseSchema, 'The knowledge base.'), ...usualProblems, 404: notFound },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/knowledge-bases/{kb}',
  tags,
  summary: 'Delete a knowledge base with all its documents',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...usualProblems, 404: notFound },
})

const reindex = createRoute({
  method: 'post',
  path: '/v1/knowledge-bases/{kb}/reindex',
  tags,
  summary: 'Make the index anew from the stored files',
  description:
    'For a table that is damaged or was built with another embedding model. A document is found again when its job is done.',
  request: { params },
  responses: {
    202: json(reindexSchema, 'Queued.'),
    ...usualProblems,
    404: notFound,
    409: problem('It is under way already.'),
  },
})

const getIndex = createRoute({
  method: 'get',
  path: '/v1/knowledge-bases/{kb}/index',
  tags,
  summary: 'How the index of a knowledge base is',
  request: { params },
  responses: { 200: json(indexStateSchema, 'Its state.'), ...usualProblems, 404: notFound },
})

const tune = createRoute({
  method: 'post',
  path: '/v1/knowledge-bases/{kb}/tune',
  tags,
  summary: 'Measure the vector index against exact search, and keep the cheapest settings that find enough',
  description:
    'With questions in the body, how far the vectors are trusted and when answers are refused is learned from them ' +
    'first; see `JudgedQuestion`. ' +
    'Server-sent events: `event: tune` with a TuneEvent as data, `stage: done` last. `event: error` carries a problem ' +
    'and is then the last. A comment comes every 10 s.',
  request: { params, body: { ...jsonBody(tuneRequest), required: false } },
  responses: {
    200: { description: 'The events.', content: { 'text/event-stream': { schema: tuneEventSchema } } },
    ...usualProblems,
    404: notFound,
  },
})

/** Registers `/v1/knowledge-bases`. */
export function addKnowledgeBaseRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) => c.json({ items: await service.listKnowledgeBases() }, 200))
  app.openapi(create, async (c) => {
    const knowledgeBase = await service.createKnowledgeBase(c.req.valid('json'))
    return c.json(knowledgeBase, 201, { location: `/v1/knowledge-bases/${encodeURIComponent(knowledgeBase.id)}` })
  })
  app.openapi(get, async (c) => c.json(await service.getKnowledgeBase(c.req.valid('param').kb), 200))
  app.openapi(update, async (c) => {
    const { kb } = c.req.valid('param')
    return c.json(await service.updateKnowledgeBase(kb, c.req.valid('json')), 200)
  })
  app.openapi(reindex, async (c) => c.json(await service.reindexKnowledgeBase(c.req.valid('param').kb), 202))
  app.openapi(getIndex, async (c) => c.json(await service.getIndexState(c.req.valid('param').kb), 200))
  app.openapi(tune, (c) => {
    const { kb } = c.req.valid('param')
    const { questions } = c.req.valid('json')
    const options = questions === undefined ? {} : { questions }
    return eventStream((signal) => tuneEvents(service.tuneKnowledgeBase(kb, { ...options, signal })), {
      signal: c.get('signal'),
      closing: c.env?.closing,
      onFailure: (thrown) => streamProblem(thrown, c),
    })
  })
  app.openapi(remove, async (c) => {
    await service.deleteKnowledgeBase(c.req.valid('param').kb)
    return c.body(null, 204)
  })
}

async function* tuneEvents(events: AsyncIterable<TuneEvent>): AsyncGenerator<StreamEvent> {
  for await (const event of events) yield { event: 'tune', data: event }
}
