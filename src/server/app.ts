import { OpenAPIHono, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { limits } from '../api/limits.js'
import { InkstoneError } from '../core/errors.js'
import type { Logger } from '../core/ports.js'
import type { InkstoneService } from '../core/service.js'
import { requireKey } from './auth.js'
import type { ServerApp, ServerContext, ServerEnv } from './context.js'
import { addDocsPage } from './docs-page.js'
import { refuseForeignPages } from './guard.js'
import { hostPolicy } from './hosts.js'
import { allowedMethods } from './methods.js'
import { json, openApiDocument, usualProblems } from './openapi.js'
import { invalidRequest, problemResponse } from './problems.js'
import { identifyRequest, logRequests } from './request-log.js'
import { addAnswerRecordRoutes } from './routes/answer-records.js'
import { addAnswerRoute } from './routes/answers.js'
import { addContentRoute } from './routes/content.js'
import { addConversationRoutes } from './routes/conversations.js'
import { addDocumentRoutes } from './routes/documents.js'
import { addJobRoutes } from './routes/jobs.js'
import { addKnowledgeBaseRoutes } from './routes/knowledge-bases.js'
import { addSearchRoute } from './routes/search.js'
import { addStatusRoutes, type Readiness } from './routes/service-status.js'
import { addSourceRoutes } from './routes/sources.js'
import { addUploadRoute } from './routes/uploads.js'
import { securityHeaders } from './security-headers.js'
import { webPage } from './web-page.js'

export interface AppOptions {
  service: InkstoneService
  log: Logger
  /** When set, `/v1` and `/openapi.json` need it. */
  apiKey?: string
  /** Address the server is bound to. */
  host?: string
  /** Further host names under which it answers. */
  allowedHosts: readonly string[]
  maxUploadBytes: number
  readiness: () => Readiness
  /** Folder of the built chat page. */
  webDir: string
}

/** The HTTP server as a function from request to reply: API, its description, the chat page. */
export function createApp(options: AppOptions): ServerApp {
  const { service, log, webDir } = options
  const app: ServerApp = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(partNames[result.target] ?? result.target, result.error)
    },
  })
  app.onError((error, c) => problemResponse(error, c, log))
  app.notFound((c) => unknownPath(app, c, log))
  addGates(app, options)

  addStatusRoutes(app, service, options.readiness)
  addKnowledgeBaseRoutes(app, service)
  addDocumentRoutes(app, service)
  addUploadRoute(app, service, options)
  addContentRoute(app, service, log)
  addSourceRoutes(app, service)
  addJobRoutes(app, service)
  addSearchRoute(app, service)
  addAnswerRoute(app, service)
  addAnswerRecordRoutes(app, service)
  addConversationRoutes(app, service)
  addDescription(app, options)
  addDocsPage(app)
  app.use('*', webPage(webDir))
  return app
}

const partNames: Record<string, string> = { json: 'body', param: 'path', query: 'query' }

/** What every request passes before it is routed, in this order. */
function addGates(app: ServerApp, { log, apiKey, host = '127.0.0.1', allowedHosts }: AppOptions): void {
  app.use('*', identifyRequest, logRequests(log), securityHeaders)
  app.use('*', refuseForeignPages(hostPolicy({ boundHost: host, allowedHosts })))
  if (apiKey !== undefined) {
    const gate = requireKey(apiKey)
    for (const path of ['/v1', '/v1/*', '/openapi.json']) app.use(path, gate)
  }
  const limitBody = bodyLimit({ maxSize: limits.jsonBodyBytes, onError: refuseLargeBody })
  app.use('*', (c, next) => (/^multipart\//i.test(c.req.header('content-type') ?? '') ? next() : limitBody(c, next)))
}

function refuseLargeBody(): never {
  throw new InkstoneError('payload_too_large', `the body is larger than ${limits.jsonBodyBytes} bytes`)
}

function addDescription(app: ServerApp, { service, apiKey }: AppOptions): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'The key that the server was started with (INKSTONE_API_KEY).',
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/openapi.json',
    tags: ['Service'],
    summary: 'This description',
    responses: { 200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1.'), ...usualProblems },
  })
  app.get('/openapi.json', async (c) => {
    const { version } = await service.status()
    return c.json(openApiDocument(app, { version, needsKey: apiKey !== undefined }))
  })
}

/** 405 for a path that knows other methods, else 404. */
function unknownPath(app: ServerApp, c: ServerContext, log: Logger): Response {
  const described = app.openAPIRegistry.definitions.flatMap((entry) => (entry.type === 'route' ? [entry.route] : []))
  const methods = allowedMethods(c.req.path, [...described, ...pagePaths])
  if (methods.length === 0 || methods.includes(c.req.method)) {
    return problemResponse(new InkstoneError('not_found', 'there is nothing at this address'), c, log)
  }
  const refusal = new InkstoneError('method_not_allowed', `this address takes ${methods.join(', ')}`)
  const response = problemResponse(refusal, c, log)
  response.headers.set('allow', methods.join(', '))
  return response
}

const pagePaths = ['/', '/docs', '/docs/{file}'].map((path) => ({ method: 'get', path }))
