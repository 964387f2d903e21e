import { describe, expect, test } from 'vitest'
import { refusalOf, retryAfterMs } from '../../../src/generate/models/server-faults.js'

describe('refusalOf', () => {
  test('shows neither the key nor a password of the address', () => {
    const server = { baseUrl: 'http://me:pass@llm.example/v1', apiKey: 'sk-12345' }
    const { message } = refusalOf(server, 'it answered 401:\n  Incorrect API key: sk-12345', { status: 401 })
    expect(message).toBe(
      'the language model at http://llm.example/v1 failed: it answered 401: Incorrect API key: ******',
    )
  })

  test.each([
    [408, 'passing'],
    [429, 'passing'],
    [500, 'passing'],
    [503, 'passing'],
    [400, 'request'],
    [413, 'request'],
    [401, 'lasting'],
    [404, 'lasting'],
  ])('knows what another try after %i would bring', (status, kind) => {
    expect(refusalOf({ baseUrl: 'http://llm.example' }, 'no', { status }).kind).toBe(kind)
  })
})

describe('retryAfterMs', () => {
  test('reads seconds and dates', () => {
    const now = Date.parse('2026-11-27T12:00:00Z')
    expect(retryAfterMs('3', now)).toBe(3_000)
    expect(retryAfterMs('Fri, 27 Nov 2026 12:00:05 GMT', now)).toBe(5_000)
    expect(retryAfterMs('Fri, 27 Nov 2026 11:00:00 GMT', now)).toBe(0)
    expect(retryAfterMs('soon', now)).toBeNull()
  })
})
