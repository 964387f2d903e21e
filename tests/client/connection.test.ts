import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { connect } from '../../src/client/connection.js'

describe('connect', () => {
  test('leaves nothing of its requests on the signal that ends them all', async () => {
    const asked: AbortSignal[] = []
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      // As a client does that has not let go of the signal yet.
      init?.signal?.addEventListener('abort', () => undefined)
      if (init?.signal) asked.push(init.signal)
      return new Response('{}')
    }
    const connection = connect({ baseUrl: 'http://127.0.0.1:1', fetch })
    for (let time = 0; time < 3; time += 1) await connection.call('/')
    expect(getEventListeners(connection.closed, 'abort')).toEqual([])
    connection.close()
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, true, true])
  })
})
