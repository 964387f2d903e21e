import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'

const apiKey = 'a-key-of-sixteen-letters'
let running: RunningApp
beforeEach(async () => {
  running = await startApp({ apiKey })
})
afterEach(() => running.close())

const statusOf = async (path: string, authorization?: string) =>
  (await rawRequest(running.url, path, authorization === undefined ? {} : { headers: { authorization } })).status

describe('requireKey', () => {
  test('lets the right key pass, the scheme in any case', async () => {
    expect(await statusOf('/v1/status', `Bearer ${apiKey}`)).toBe(200)
    expect(await statusOf('/v1/status', `bearer ${apiKey}`)).toBe(200)
    expect(await statusOf('/openapi.json', `Bearer ${apiKey}`)).toBe(200)
  })

  test.each(['', 'Bearer', `Basic ${apiKey}`, apiKey, `Bearer ${apiKey}x`, `Bearer ${apiKey.slice(1)}`, 'Bearer 密钥'])(
    'refuses %j',
    async (authorization) => {
      const headers = { authorization: Buffer.from(authorization).toString('latin1') }
      const reply = await rawRequest(running.url, '/v1/status', { headers })
      expect(reply.status).toBe(401)
      expect(reply.headers['www-authenticate']).toBe('Bearer realm="inkstone"')
      expect(JSON.parse(reply.text)).toMatchObject({ code: 'unauthorized', status: 401 })
      expect(reply.text).not.toContain(apiKey)
    },
  )

  test('guards every described path but the probes', async () => {
    const { text } = await rawRequest(running.url, '/openapi.json', { headers: { authorization: `Bearer ${apiKey}` } })
    const paths = Object.entries<Record<string, unknown>>(JSON.parse(text).paths)
    expect(paths.length).toBeGreaterThan(15)
    for (const [path, operations] of paths) {
      for (const method of Object.keys(operations)) {
        const { status } = await rawRequest(running.url, path.replaceAll(/[{}]/g, ''), { method: method.toUpperCase() })
        expect(`${path} ${status}`).toBe(`${path} ${['/livez', '/readyz'].includes(path) ? 200 : 401}`)
      }
    }
  })

  test.each([
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/%76%31/status',
    '/v1/%2e%2e/v1/status',
    '/x/../v1/status',
    '//v1/status',
    '/V1/status',
  ])('cannot be walked around with %s', async (path) => {
    expect([400, 401, 404]).toContain(await statusOf(path))
  })

  test('leaves probes and pages open', async () => {
    expect(await statusOf('/livez')).toBe(200)
    expect(await statusOf('/docs')).toBe(200)
    expect(await statusOf('/')).toBe(404)
  })
})
