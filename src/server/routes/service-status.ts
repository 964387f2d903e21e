import { createRoute, z } from '@hono/zod-openapi'
import { serviceStatusSchema } from '../../api/status.js'
import { InkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import type { ServerApp } from '../context.js'
import { json, problem, usualProblems } from '../openapi.js'

const tags = ['Service']

const status = createRoute({
  method: 'get',
  path: '/v1/status',
  tags,
  summary: 'Version, models and waiting jobs',
  responses: { 200: json(serviceStatusSchema, 'The state of the service.'), ...usualProblems },
})

const alive = createRoute({
  method: 'get',
  path: '/livez',
  tags,
  summary: 'Whether the process answers',
  security: [],
  responses: { 200: { description: 'It does.', content: { 'text/plain': { schema: z.string() } } } },
})

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Whether questions can be answered now',
  security: [],
  responses: {
    200: { description: 'They can.', content: { 'text/plain': { schema: z.string() } } },
    503: problem('Not now; `detail` says why.'),
  },
})

export interface Readiness {
  ready: boolean
  /** Why not, for people; null when ready. */
  reason: string | null
}

/** Registers `/v1/status`, `/livez` and `/readyz`. */
export function addStatusRoutes(app: ServerApp, service: InkstoneService, readiness: () => Readiness): void {
  app.openapi(status, async (c) => c.json(await service.status(), 200))
  app.openapi(alive, (c) => c.text('alive\n', 200))
  app.openapi(ready, (c) => {
    const state = readiness()
    if (!state.ready) throw new InkstoneError('not_ready', state.reason ?? 'the service is not ready yet')
    return c.text('ready\n', 200)
  })
}
