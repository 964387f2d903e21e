import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostOf, hostPolicy, isSameOrigin } from '../../src/server/hosts.js'
import { rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'

let running: RunningApp
beforeEach(async () => {
  running = await startApp({ allowedHosts: ['kb.example'] })
})
afterEach(() => running.close())

const everyKindOfPath = [
  '/',
  '/livez',
  '/readyz',
  '/docs',
  '/openapi.json',
  '/v1/status',
  '/nothing',
  '/v1/jobs/j/events',
]
const ask = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"question":"q"}' }
const send = (headers: Record<string, string>) =>
  rawRequest(running.url, '/v1/answers', { ...ask, headers: { ...ask.headers, ...headers } })

describe('refuseForeignPages › Host', () => {
  test.each(everyKindOfPath)('refuses a rebound name on %s before routing', async (path) => {
    const reply = await rawRequest(running.url, path, { headers: { host: 'attacker.example' } })
    expect(reply.status).toBe(403)
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'forbidden', remedy: expect.stringContaining('allowedHosts') })
  })

  test.each([
    'attacker.example',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:80',
    'attacker.example#localhost',
    'localhost@attacker.example',
    'localhost, attacker.example',
    '127.0.0.1:80:80',
    '0.0.0.0',
    '[::ffff:127.0.0.1]x',
  ])('refuses %j', async (host) => {
    const { status } = await rawRequest(running.url, '/v1/status', { headers: { host } })
    expect([400, 403]).toContain(status)
  })

  test.each(['127.0.0.1', '127.0.0.1:9', 'localhost:8420', 'LOCALHOST', '[::1]:8420', 'kb.example', 'kb.example:443'])(
    'takes %j',
    async (host) => {
      expect((await rawRequest(running.url, '/v1/status', { headers: { host } })).status).toBe(200)
    },
  )
})

describe('refuseForeignPages › Origin', () => {
  test.each(['http://attacker.example', 'null', 'http://127.0.0.1:1', 'file://', 'http://localhost', 'x'])(
    'refuses %j',
    async (origin) => {
      expect((await send({ origin })).status).toBe(403)
      expect((await rawRequest(running.url, '/v1/status', { headers: { origin } })).status).toBe(403)
      const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } }
      const { status, headers } = await rawRequest(running.url, '/v1/answers', preflight)
      expect(status).toBe(403)
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    },
  )

  test('takes its own origin and none', async () => {
    expect((await send({ origin: running.url })).status).toBe(200)
    expect((await send({})).status).toBe(200)
  })

  test('takes the origin of a proxy that ends TLS and keeps the host', async () => {
    expect((await send({ host: 'kb.example', origin: 'https://kb.example' })).status).toBe(200)
  })

  test.each(['cross-site', 'same-site'])('refuses what changes or streams when the browser says %s', async (site) => {
    const headers = { 'sec-fetch-site': site }
    expect((await send(headers)).status).toBe(403)
    expect((await rawRequest(running.url, '/v1/documents/d', { method: 'DELETE', headers })).status).toBe(403)
    expect((await rawRequest(running.url, '/v1/jobs/j/events', { headers })).status).toBe(403)
    expect((await rawRequest(running.url, '/livez', { headers })).status).toBe(200)
    expect((await send({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('refuses a form or text post without asking the service', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b']) {
      const reply = await rawRequest(running.url, '/v1/answers', { ...ask, headers: { 'content-type': type } })
      expect(reply.status).toBe(415)
    }
    expect(running.service.signals).toEqual([])
  })
})

describe('hostPolicy', () => {
  test('takes only the bound address and the allowed names beyond loopback', () => {
    const isAllowed = hostPolicy({ boundHost: '192.168.1.5', allowedHosts: ['kb.example'] })
    expect(['192.168.1.5:8420', 'kb.example'].map(isAllowed)).toEqual([true, true])
    expect(['localhost', '127.0.0.1', 'attacker.example'].map(isAllowed)).toEqual([false, false, false])
  })

  test('takes loopback names as well when bound to all addresses', () => {
    const isAllowed = hostPolicy({ boundHost: '0.0.0.0', allowedHosts: [] })
    expect(['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].map(isAllowed)).toEqual([true, true, true, true])
    expect(isAllowed('192.168.1.5')).toBe(false)
  })

  test('knows an IPv6 address with and without brackets', () => {
    expect(hostPolicy({ boundHost: 'fd00::1', allowedHosts: [] })('[fd00::1]:8420')).toBe(true)
  })
})

describe('hostOf', () => {
  test('leaves out the port', () => {
    expect(hostOf('A.example:1')).toBe('a.example')
    expect(hostOf('[::1]:1')).toBe('[::1]')
    expect(hostOf('a b')).toBeNull()
    expect(hostOf('')).toBeNull()
  })
})

describe('isSameOrigin', () => {
  test('knows the port that a scheme implies', () => {
    expect(isSameOrigin('http://a.example', 'a.example:80')).toBe(true)
    expect(isSameOrigin('https://a.example', 'a.example:80')).toBe(false)
    expect(isSameOrigin('javascript://a.example', 'a.example')).toBe(false)
  })
})
