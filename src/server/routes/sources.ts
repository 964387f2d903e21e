import { createRoute, z } from '@hono/zod-openapi'
import { removeSourceQuery, sourceListSchema } from '../../api/document.js'
import { knowledgeBaseParameter } from '../../api/knowledge-base.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, problem, usualProblems } from '../openapi.js'

const tags = ['Sources']
const params = z.object({ kb: knowledgeBaseParameter })

const list = createRoute({
  method: 'get',
  path: '/v1/knowledge-bases/{kb}/sources',
  tags,
  summary: 'Every path and URL with the content it had when it was last handed in',
  request: { params },
  responses: {
    200: json(sourceListSchema, 'All of them.'),
    ...usualProblems,
    404: problem('There is no such knowledge base.'),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/knowledge-bases/{kb}/sources',
  tags,
  summary: 'Remove a source; its document goes with its last source',
  request: { params, query: removeSourceQuery },
  responses: {
    204: { description: 'Removed.' },
    ...usualProblems,
    404: problem('There is no such knowledge base or source.'),
  },
})

/** Registers `/v1/knowledge-bases/{kb}/sources`. */
export function addSourceRoutes(app: ServerApp, service: InkstoneService): void {
  app.openapi(list, async (c) => c.json({ items: await service.listSources(c.req.valid('param').kb) }, 200))
  app.openapi(remove, async (c) => {
    await service.removeSource(c.req.valid('param').kb, c.req.valid('query').uri)
    return c.body(null, 204)
  })
}
