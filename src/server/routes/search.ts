import { createRoute } from '@hono/zod-openapi'
import { searchReplySchema, searchRequest } from '../../api/search.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, jsonBody, problem, usualProblems } from '../openapi.js'

const search = createRoute({
  method: 'post',
  path: '/v1/search',
  tags: ['Answers'],
  summary: 'Find passages',
  request: { body: jsonBody(searchRequest) },
  responses: {
    200: json(searchReplySchema, 'The passages, best first.'),
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
    503: problem('The embedding model is not there.'),
  },
})

/** Registers `/v1/search`. */
export function addSearchRoute(app: ServerApp, service: InkstoneService): void {
  app.openapi(search, async (c) => c.json(await service.search(c.req.valid('json'), { signal: c.get('signal') }), 200))
}
