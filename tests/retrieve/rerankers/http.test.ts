import { describe, expect, onTestFinished, test } from 'vitest'
import type { Reranker } from '../../../src/core/ports.js'
import { type HttpRerankerOptions, httpReranker } from '../../../src/retrieve/rerankers/http.js'
import { rerankServer, type ScriptedReply } from '../../support/rerank-server.js'
import { rerankerContract } from '../../support/reranker-contract.js'
import { until } from '../../support/until.js'

const texts = ['replace the pump seal', 'the canteen serves noodles']

async function open(
  scripted: ScriptedReply[] = [],
  {
    server: serverOptions = {},
    ...options
  }: Partial<HttpRerankerOptions> & { server?: Parameters<typeof rerankServer>[1] } = {},
) {
  const server = await rerankServer(scripted, serverOptions)
  onTestFinished(() => server.close())
  return { reranker: httpReranker({ baseUrl: `${server.url}/v1/`, retryDelayMs: 1, ...options }), server }
}

/** One driver and its server, ended together. */
async function withServer(options?: Parameters<typeof rerankServer>[1]): Promise<Reranker> {
  const server = await rerankServer([], options)
  const reranker = httpReranker({ baseUrl: server.url, model: 'm' })
  return {
    ...reranker,
    close: async () => {
      await reranker.close()
      await server.close()
    },
  }
}

rerankerContract('httpReranker', () => withServer())
rerankerContract('httpReranker with TEI', () => withServer({ dialect: 'tei' }))

describe('httpReranker', () => {
  test('posts to /rerank with model and key, and brings the scores into the order of the texts', async () => {
    const { reranker, server } = await open([], { model: 'bge', apiKey: 'secret' })
    expect(await reranker.rerank('pump seal', [...texts].reverse())).toEqual([0, 1])
    const [request] = server.received
    expect(request?.url).toBe('/v1/rerank')
    expect(request?.headers.authorization).toBe('Bearer secret')
    expect(request?.body).toEqual({ model: 'bge', query: 'pump seal', documents: [...texts].reverse(), top_n: 2 })
  })

  test('learns once that a server takes texts', async () => {
    const { reranker, server } = await open([], { server: { dialect: 'tei' } })
    expect(await reranker.rerank('pump seal', texts)).toEqual([1, 0])
    expect(await reranker.rerank('pump seal', texts)).toEqual([1, 0])
    expect(server.received.map(({ body }) => Object.keys(body))).toEqual([
      ['query', 'documents', 'top_n'],
      ['query', 'texts'],
      ['query', 'texts'],
    ])
  })

  test('makes logits scores from 0 to 1, and leaves scores that are such alone', async () => {
    const { reranker } = await open([], { server: { score: (share) => share * 10 - 5 } })
    const [fitting = 0, unfitting = 1] = await reranker.rerank('pump seal', texts)
    expect(fitting).toBeCloseTo(1 / (1 + Math.exp(-5)))
    expect(unfitting).toBeCloseTo(1 / (1 + Math.exp(5)))
  })

  test.each<[string, ScriptedReply]>([
    ['429', { status: 429 }],
    ['500', { status: 500, body: 'busy' }],
    ['a broken connection', { breaks: true }],
  ])('tries once more after %s', async (_, failure) => {
    const { reranker, server } = await open([failure])
    expect(await reranker.rerank('pump seal', texts)).toHaveLength(2)
    expect(server.received).toHaveLength(2)
    const twice = await open([failure, failure])
    await expect(twice.reranker.rerank('pump seal', texts)).rejects.toMatchObject({ code: 'rerank_failed' })
    expect(twice.server.received).toHaveLength(2)
  })

  test('waits as long as Retry-After says, but not for a minute', async () => {
    const { reranker } = await open([{ status: 429, headers: { 'retry-after': '1' } }])
    const startedAt = performance.now()
    await reranker.rerank('pump seal', texts)
    expect(performance.now() - startedAt).toBeGreaterThan(950)
    const busy = await open([{ status: 429, headers: { 'retry-after': '60' } }])
    await expect(busy.reranker.rerank('pump seal', texts)).rejects.toMatchObject({
      message: expect.stringContaining('429'),
    })
  })

  test('says that the key is wrong without showing it', async () => {
    const { reranker, server } = await open([{ status: 401, body: 'no such key' }], { apiKey: 'very-secret' })
    const error = await reranker.rerank('pump seal', texts).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'rerank_failed', remedy: 'check INKSTONE_RERANK_API_KEY' })
    expect(String(error)).toContain('no such key')
    expect(JSON.stringify(error) + String(error)).not.toContain('very-secret')
    expect(server.received).toHaveLength(1)
  })

  test('tells what the server refused at first when it takes neither shape', async () => {
    const { reranker } = await open([
      { status: 422, body: 'no model of that name' },
      { status: 422, body: 'missing documents' },
    ])
    await expect(reranker.rerank('pump seal', texts)).rejects.toMatchObject({
      message: expect.stringContaining('no model of that name'),
    })
  })

  test.each<[string, unknown]>([
    ['that is a web page', '<html>sign in</html>'],
    ['that is not JSON', '{"results": ['],
    ['of another form', { data: [] }],
    ['with an index that was not asked about', { results: [0, 2].map((index) => ({ index, relevance_score: 0.5 })) }],
    ['with an index twice', { results: [0, 0].map((index) => ({ index, relevance_score: 0.5 })) }],
    ['that leaves a text out', { results: [{ index: 0, relevance_score: 0.5 }] }],
    ['with more results than texts', { results: [0, 1, 1].map((index) => ({ index, relevance_score: 0.5 })) }],
    ['with a score that is no number', { results: [0, 1].map((index) => ({ index, relevance_score: 'good' })) }],
  ])('refuses an answer %s', async (_, body) => {
    const { reranker } = await open([{ body }])
    await expect(reranker.rerank('pump seal', texts)).rejects.toMatchObject({
      code: 'rerank_failed',
      remedy: expect.any(String),
    })
  })

  test('does not wait for ever for a server that hangs', async () => {
    const { reranker } = await open([{ hangs: true }, { hangs: true }], { timeoutMs: 30 })
    await expect(reranker.rerank('pump seal', texts)).rejects.toMatchObject({ code: 'rerank_failed' })
  })

  test('hangs up when it is stopped, so that the server can stop too', async () => {
    const { reranker, server } = await open([{ hangs: true }])
    const controller = new AbortController()
    const running = reranker.rerank('pump seal', texts, { signal: controller.signal })
    await until(() => server.received.length === 1)
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await until(() => server.aborted() === 1)
  })

  test('says so when nothing listens there', async () => {
    const reranker = httpReranker({ baseUrl: 'http://127.0.0.1:9', retryDelayMs: 1 })
    await expect(reranker.rerank('pump seal', texts)).rejects.toMatchObject({
      code: 'rerank_failed',
      message: expect.stringContaining('cannot be reached'),
    })
  })
})
