import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { problemDetailsSchema } from '../../src/api/problem.js'
import { type ErrorCode, errorStatus, InkstoneError } from '../../src/core/errors.js'
import { openRequest, type RawReply, type RawRequest, rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'

let running: RunningApp
beforeEach(async () => {
  running = await startApp()
})
afterEach(() => running.close())

const send = (path: string, request?: RawRequest) => rawRequest(running.url, path, request)
const post = (path: string, body: string | Uint8Array) =>
  send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
const problemOf = ({ text, headers, status }: RawReply) => {
  expect(headers['content-type']).toBe('application/problem+json')
  const problem = problemDetailsSchema.parse(JSON.parse(text))
  expect(problem.status).toBe(status)
  expect(problem.requestId).toBe(headers['x-request-id'])
  return problem
}

async function restart(service: RunningApp['service'], options = {}) {
  await running.close()
  running = await startApp({ service, ...options })
}

describe('problems', () => {
  test('say where a body is not valid', async () => {
    const problem = problemOf(await post('/v1/answers', '{"question":"q","history":["a",7],"filter":{"a/b":1}}'))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', instance: '/v1/answers' })
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/history/1', '/filter/a~1b'])
  })

  test('say where a filter is not valid, also one that is far too deep', async () => {
    const filter = { and: [{ field: 'tags', eq: '泵' }, { not: { field: 'createdAt', lt: 'yesterday' } }] }
    const { errors } = problemOf(await post('/v1/search', JSON.stringify({ query: 'q', filter })))
    expect(errors).toEqual([{ pointer: '/filter/and/1/not/lt', message: 'must be a date such as 2026-03-01' }])
    const deep = `{"query":"q","filter":${'{"not":'.repeat(60_000)}{}${'}'.repeat(60_000)}}`
    expect(problemOf(await post('/v1/search', deep)).errors).toMatchObject([{ pointer: '/filter' }])
    const listed = problemOf(await send('/v1/knowledge-bases/manuals/documents?filter={'))
    expect(listed.errors).toEqual([{ pointer: '/filter', message: 'is not JSON' }])
  })

  test('stay small whatever a body holds', async () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 0]))
    const unknown = await post('/v1/knowledge-bases', JSON.stringify({ slug: 'a', ...keys }))
    expect(problemOf(unknown).errors?.slice(0, 2)).toEqual([
      { pointer: '/k0', message: 'Unrecognized key: "k0"' },
      { pointer: '/k1', message: 'Unrecognized key: "k1"' },
    ])
    const wrong = await post('/v1/search', JSON.stringify({ query: 'q', knowledgeBaseIds: Array(100_000).fill(0) }))
    for (const { text, status } of [unknown, wrong]) {
      expect(status).toBe(400)
      expect(text.length).toBeLessThan(10_000)
    }
  })

  test('say where a query or a path is not valid', async () => {
    const query = problemOf(await send('/v1/jobs?limit=0&colour=red'))
    expect(query).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(query.errors?.map(({ pointer }) => pointer)).toEqual(['/limit', '/colour'])
    expect(problemOf(await send('/v1/documents/d/pages/one')).errors).toMatchObject([{ pointer: '/page' }])
  })

  test('meet broken JSON, no JSON and another type', async () => {
    expect(problemOf(await post('/v1/search', '{"query":'))).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(problemOf(await post('/v1/search', ''))).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(problemOf(await send('/v1/search', { method: 'POST', body: '{"query":"q"}' }))).toMatchObject({
      status: 415,
    })
  })

  test('tell unknown paths from unknown methods', async () => {
    expect(problemOf(await send('/v1/nothing'))).toMatchObject({ status: 404, code: 'not_found' })
    expect(problemOf(await send('/nothing', { method: 'POST' }))).toMatchObject({ status: 404 })
    const reply = await send('/v1/knowledge-bases/manuals', { method: 'PUT' })
    expect(problemOf(reply)).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect(reply.headers.allow).toBe('DELETE, GET, HEAD, PATCH')
    expect((await send('/v1/search')).headers.allow).toBe('POST')
    expect((await send('/', { method: 'POST' })).status).toBe(405)
  })

  test('refuse JSON over its limit, with and without a declared length', async () => {
    const body = JSON.stringify({ question: 'q'.repeat(1024 * 1024) })
    expect(problemOf(await post('/v1/answers', body))).toMatchObject({ status: 413, code: 'payload_too_large' })
    const chunked = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const reply = await send('/v1/answers', { method: 'POST', headers: chunked, body })
    expect(problemOf(reply)).toMatchObject({ status: 413, code: 'payload_too_large' })
  })

  test('take chunked JSON within the limit', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'transfer-encoding': 'chunked' }
    const reply = await send('/v1/search', { method: 'POST', headers, body: '{"query":"q"}' })
    expect(reply).toMatchObject({ status: 200, text: '{"hits":[]}' })
  })

  test('tell nothing of what happened inside, while the log does', async () => {
    const service = scriptedService()
    service.status = async () => {
      throw new Error('cannot open /secret/path')
    }
    await restart(service)
    const reply = await send('/v1/status', { headers: { 'x-request-id': 'mine-1' } })
    expect(problemOf(reply)).toMatchObject({ status: 500, code: 'internal', requestId: 'mine-1' })
    expect(reply.text).not.toContain('secret')
    const line = running.lines.find(({ level }) => level === 'error')
    expect(line).toMatchObject({ requestId: 'mine-1', code: 'internal' })
    expect(String(line?.err)).toContain('/secret/path')
  })

  test('tell what to do about damaged data, but not where it lies', async () => {
    const service = scriptedService()
    service.status = async () => {
      throw new InkstoneError('store_corrupt', '/secret/path is damaged', { remedy: 'run "inkstone kb reindex a"' })
    }
    await restart(service)
    const reply = await send('/v1/status')
    expect(problemOf(reply)).toMatchObject({ code: 'store_corrupt', remedy: 'run "inkstone kb reindex a"' })
    expect(reply.text).not.toContain('secret')
  })

  test('have the status of every code and its headers', async () => {
    const service = scriptedService()
    await restart(service)
    for (const [code, status] of Object.entries(errorStatus)) {
      service.status = async () => {
        throw new InkstoneError(code as ErrorCode, 'said by a test', { remedy: 'do this' })
      }
      const reply = await send('/v1/status')
      expect(problemOf(reply)).toMatchObject({ code, status })
      expect(reply.headers['retry-after'] !== undefined).toBe(status === 503)
      expect(reply.headers['www-authenticate'] !== undefined).toBe(status === 401)
    }
  })

  test('tell from readyz why the service is not ready', async () => {
    await restart(scriptedService(), { readiness: () => ({ ready: false, reason: 'the model is loading' }) })
    const reply = await send('/readyz')
    expect(problemOf(reply)).toMatchObject({ status: 503, detail: 'the model is loading' })
    expect(reply.headers['retry-after']).toBe('5')
    expect(await send('/livez')).toMatchObject({ status: 200, text: 'alive\n' })
  })

  test('are the reply to any bytes, and never a 500', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.record({ question: fc.string(), topK: fc.anything() }).map((value) => Buffer.from(JSON.stringify(value))),
    )
    const path = fc.constantFrom('/v1/answers', '/v1/search', '/v1/knowledge-bases')
    await fc.assert(
      fc.asyncProperty(path, bytes, async (to, body) => {
        expect((await post(to, body)).status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
  })
})

describe('identifyRequest', () => {
  test('keeps a sane id of the caller and makes one otherwise', async () => {
    const idFor = async (given: string) =>
      (await send('/livez', { headers: { 'x-request-id': given } })).headers['x-request-id']
    expect(await idFor('trace-1.a_B')).toBe('trace-1.a_B')
    expect(await idFor('with space')).toMatch(/^req_/)
    expect(await idFor('x'.repeat(65))).toMatch(/^req_/)
    expect((await send('/livez')).headers['x-request-id']).toMatch(/^req_/)
  })
})

describe('logRequests', () => {
  test('writes one line a request, without query, body or key', async () => {
    await restart(scriptedService(), { apiKey: 'secret-of-sixteen-letters' })
    const headers = { authorization: 'Bearer secret-of-sixteen-letters', 'x-request-id': 'r1' }
    await send('/v1/jobs?cursor=hidden-query', { headers })
    const lines = running.lines.filter(({ message }) => message === 'request')
    expect(lines).toMatchObject([{ level: 'info', requestId: 'r1', method: 'GET', path: '/v1/jobs', status: 200 }])
    expect(lines[0]?.durationMs).toEqual(expect.any(Number))
    expect(JSON.stringify(running.lines)).not.toMatch(/secret|hidden/)
  })

  test('names the true status of refusals', async () => {
    await send('/nothing')
    expect(running.lines.at(-1)).toMatchObject({ status: 404, path: '/nothing' })
  })
})

describe('listen › a request that is no request', () => {
  test('gets a problem as well', async () => {
    const reply = await send('/v1/status', { headers: { host: 'a b' } })
    expect([400, 403]).toContain(reply.status)
    expect(JSON.parse(reply.text)).toMatchObject({ status: reply.status })
  })

  test('ends when the client leaves before its body is whole', async () => {
    const outgoing = openRequest(running.url, '/v1/search', {
      headers: { 'content-type': 'application/json', 'content-length': '100' },
    })
    const gone = new Promise((resolve) => outgoing.on('error', resolve))
    await new Promise<void>((resolve) => outgoing.write('{"query"', () => resolve()))
    outgoing.destroy(new Error('left'))
    await gone
    expect((await send('/livez')).status).toBe(200)
  })
})
