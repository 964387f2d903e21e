import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../src/server/app.js'
import { allowedMethods } from '../../src/server/methods.js'
import { type RunningApp, recordingLog, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'

const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  schema: z.record(z.string(), z.unknown()),
})
const content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }))
const operation = z.object({
  summary: z.string().min(1),
  tags: z.array(z.string()).min(1),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.object({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.object({ description: z.string().min(1), content: content.optional() }),
  ),
})
const openApi = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(
    z.string().startsWith('/'),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation.optional()),
  ),
  components: z.object({
    schemas: z.record(z.string().regex(/^[A-Za-z]+$/), z.record(z.string(), z.unknown())),
    securitySchemes: z.object({ apiKey: z.object({ type: z.literal('http'), scheme: z.literal('bearer') }) }),
  }),
})

let running: RunningApp
let document: z.infer<typeof openApi>
let text: string
beforeEach(async () => {
  running = await startApp()
  const reply = await fetch(`${running.url}/openapi.json`)
  text = await reply.text()
  document = openApi.parse(JSON.parse(text))
})
afterEach(() => running.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, described]) => (described ? [{ path, method, ...described }] : [])),
  )

describe('openApiDocument', () => {
  test('describes every route that is registered', () => {
    const { service, lines } = running
    const options = { service, log: recordingLog(lines), allowedHosts: [], maxUploadBytes: 1, webDir: '/nonexistent' }
    const app = createApp({ ...options, readiness: () => ({ ready: true, reason: null }) })
    const registered = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/docs'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect([...new Set(registered)].sort()).toEqual(described.sort())
    expect(described.length).toBeGreaterThan(22)
  })

  test('declares every parameter of every path', () => {
    for (const { path, parameters = [] } of operations()) {
      const inPath = parameters.filter((declared) => declared.in === 'path').map(({ name }) => name)
      expect(inPath.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
    }
  })

  test('holds every schema it refers to', () => {
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
    expect(names.length).toBeGreaterThan(30)
    for (const name of names) expect(document.components.schemas, name).toHaveProperty(name)
    expect(text).not.toContain('"nullable"')
  })

  test('tells what can be left out', () => {
    expect(document.components.schemas.AnswerRequest).toMatchObject({
      required: ['question'],
      additionalProperties: false,
    })
    expect(document.components.schemas.Problem).toMatchObject({ type: 'object', required: ['code', 'message'] })
  })

  test('describes errors, streams and the upload', () => {
    for (const { path, responses } of operations().filter((described) => described.path.startsWith('/v1'))) {
      for (const status of ['400', '401', '403', '500']) {
        expect(responses[status]?.content, `${path} ${status}`).toHaveProperty(['application/problem+json'])
      }
    }
    const streams = operations().filter(({ responses }) => responses['200']?.content?.['text/event-stream'])
    expect(streams.map(({ path }) => path).sort()).toEqual([
      '/v1/answers',
      '/v1/jobs/{job}/events',
      '/v1/knowledge-bases/{kb}/tune',
    ])
    const upload = document.paths['/v1/knowledge-bases/{kb}/documents']?.post
    expect(upload?.description).toContain('Idempotency-Key')
    expect(upload?.requestBody?.content['multipart/form-data']?.schema).toMatchObject({ required: ['file'] })
  })

  test('is the same when it is asked for again', async () => {
    expect(await (await fetch(`${running.url}/openapi.json`)).text()).toBe(text)
  })

  test('demands a key where the server does', async () => {
    expect(document.security).toContainEqual({})
    const apiKey = 'a-key-of-sixteen-letters'
    const guarded = await startApp({ apiKey, service: scriptedService() })
    const reply = await fetch(`${guarded.url}/openapi.json`, { headers: { authorization: `Bearer ${apiKey}` } })
    expect(openApi.parse(await reply.json()).security).toEqual([{ apiKey: [] }])
    await guarded.close()
  })
})

describe('allowedMethods', () => {
  const routes = [
    { method: 'get', path: '/a/{id}' },
    { method: 'delete', path: '/a/{id}' },
    { method: 'post', path: '/a.b' },
  ]
  test('knows a path by its template', () => {
    expect(allowedMethods('/a/1', routes)).toEqual(['DELETE', 'GET', 'HEAD'])
    expect(allowedMethods('/a.b', routes)).toEqual(['POST'])
    expect(['/a', '/a/', '/a/1/2', '/aXb'].map((path) => allowedMethods(path, routes))).toEqual([[], [], [], []])
  })
})
