import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { type HttpEmbedderOptions, httpEmbedder } from '../../src/embed/http.js'
import { embedderContract } from '../support/embedder-contract.js'
import { type LocalServer, localServer } from '../support/local-server.js'

interface Scripted {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Closes the connection without an answer. */
  breaks?: boolean
  /** Never answers. */
  hangs?: boolean
}

interface Received {
  url: string | undefined
  headers: IncomingHttpHeaders
  body: { model: string; input: string[] }
}

const requestSchema = z.strictObject({
  model: z.string(),
  input: z.array(z.string()).min(1),
  encoding_format: z.literal('float'),
})

const dimensions = 24

/** Not normalised, and another one for each text. */
function vectorOf(text: string): number[] {
  return [...createHash('sha256').update(text).digest().subarray(0, dimensions)].map((byte) => byte - 127.5)
}

/** An OpenAI-like server that first answers as scripted and then properly, in an order of its own. */
async function embeddingServer(scripted: Scripted[] = []): Promise<LocalServer & { received: Received[] }> {
  const received: Received[] = []
  const server = await localServer(async (request, response) => {
    const body = requestSchema.parse(await json(request))
    received.push({ url: request.url, headers: request.headers, body })
    const script = scripted.shift()
    if (script?.breaks) return request.socket.destroy()
    if (script?.hangs) return undefined
    const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })).reverse()
    response.writeHead(script?.status ?? 200, { 'content-type': 'application/json', ...script?.headers })
    const reply = script?.body ?? { object: 'list', data, model: body.model }
    return response.end(typeof reply === 'string' ? reply : JSON.stringify(reply))
  })
  return { ...server, received }
}

async function open(scripted: Scripted[] = [], options: Partial<HttpEmbedderOptions> = {}) {
  const server = await embeddingServer(scripted)
  onTestFinished(() => server.close())
  const baseUrl = `${server.url}/v1/`
  const embedder = await httpEmbedder({
    baseUrl,
    modelId: 'm',
    dimensions,
    maxTokens: 512,
    retryDelayMs: 1,
    ...options,
  })
  return { embedder, received: server.received }
}

describe('httpEmbedder with a real server', () => {
  let server: LocalServer
  beforeAll(async () => {
    server = await embeddingServer()
  })
  afterAll(() => server.close())
  embedderContract('httpEmbedder', () =>
    httpEmbedder({ baseUrl: `${server.url}/v1`, modelId: 'm', maxTokens: 512, languages: ['zh'] }),
  )
})

describe('httpEmbedder', () => {
  test('posts to /embeddings with model and key, in batches, and keeps the order', async () => {
    const { embedder, received } = await open([], { apiKey: 'secret', batchSize: 2 })
    const vectors = await embedder.embed(['a', 'b', 'c'], { task: 'document' })
    expect(received.map(({ body }) => body.input)).toEqual([['a', 'b'], ['c']])
    expect(received[0]).toMatchObject({ url: '/v1/embeddings', body: { model: 'm' } })
    expect(received[0]?.headers.authorization).toBe('Bearer secret')
    for (const [index, text] of ['a', 'b', 'c'].entries()) {
      const length = Math.hypot(...vectorOf(text))
      expect(vectors[index]?.[0]).toBeCloseTo((vectorOf(text)[0] ?? 0) / length, 6)
    }
  })

  test('asks the server for the dimensions when they are not given', async () => {
    const { embedder, received } = await open([], { dimensions: undefined })
    expect(embedder.dimensions).toBe(dimensions)
    expect(received).toHaveLength(1)
  })

  test('puts the prefix of the task before the text, and counts it', async () => {
    const prefixes = { query: 'query: ', document: 'passage: ' }
    const { embedder, received } = await open([], { prefixes })
    await embedder.embed(['泵'], { task: 'query' })
    await embedder.embed(['泵'], { task: 'document' })
    expect(received.map(({ body }) => body.input[0])).toEqual(['query: 泵', 'passage: 泵'])
    const [bare] = await (await open()).embedder.countTokens(['passage: 泵'])
    expect(await embedder.countTokens(['泵'])).toEqual([bare])
  })

  test.each<[string, Scripted]>([
    ['429', { status: 429 }],
    ['503', { status: 503, body: 'busy' }],
    ['a broken connection', { breaks: true }],
  ])('tries again after %s', async (_, failure) => {
    const { embedder, received } = await open([failure, failure])
    expect(await embedder.embed(['a'], { task: 'query' })).toHaveLength(1)
    expect(received).toHaveLength(3)
  })

  test('waits as long as Retry-After says', async () => {
    const { embedder } = await open([{ status: 429, headers: { 'retry-after': '1' } }])
    const startedAt = performance.now()
    await embedder.embed(['a'], { task: 'query' })
    expect(performance.now() - startedAt).toBeGreaterThan(950)
  })

  test('does not wait for a server that asks for an hour', async () => {
    const { embedder, received } = await open([{ status: 429, headers: { 'retry-after': '3600' } }])
    await expect(embedder.embed(['a'], { task: 'query' })).rejects.toMatchObject({ code: 'embedding_failed' })
    expect(received).toHaveLength(1)
  })

  test('gives up after four tries', async () => {
    const { embedder, received } = await open(new Array(9).fill({ status: 500 }))
    await expect(embedder.embed(['a'], { task: 'query' })).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('500'),
      remedy: expect.any(String),
    })
    expect(received).toHaveLength(4)
  })

  test('does not try again what the server refuses, and points at the key for 401', async () => {
    const { embedder, received } = await open([{ status: 401, body: 'no such key' }])
    await expect(embedder.embed(['a'], { task: 'query' })).rejects.toMatchObject({
      code: 'embedding_failed',
      message: expect.stringContaining('no such key'),
      remedy: expect.stringContaining('key'),
    })
    expect(received).toHaveLength(1)
  })

  test('does not wait for ever for a server that hangs', async () => {
    const { embedder } = await open(new Array(4).fill({ hangs: true }), { timeoutMs: 30 })
    await expect(embedder.embed(['a'], { task: 'query' })).rejects.toMatchObject({ code: 'embedding_failed' })
  })

  test.each<[string, unknown]>([
    ['that is not JSON', '<html>'],
    ['of another form', { embeddings: [[1, 2]] }],
    ['that lacks a text', { data: [{ index: 0, embedding: vectorOf('a') }] }],
    ['with the wrong dimensions', { data: [0, 1].map((index) => ({ index, embedding: [1, 2] })) }],
    ['with a zero vector', { data: [0, 1].map((index) => ({ index, embedding: new Array(dimensions).fill(0) })) }],
  ])('refuses an answer %s', async (_, body) => {
    const { embedder } = await open([{ body }])
    await expect(embedder.embed(['a', 'b'], { task: 'document' })).rejects.toMatchObject({
      code: 'embedding_failed',
      remedy: expect.any(String),
    })
  })

  test('sends nothing of a list in which one text is too long', async () => {
    const { embedder, received } = await open([], { maxTokens: 10 })
    const embedding = embedder.embed(['a', '泵'.repeat(11)], { task: 'document' })
    await expect(embedding).rejects.toMatchObject({ code: 'text_too_long' })
    expect(received).toEqual([])
  })

  test('ends what runs when it is closed', async () => {
    const { embedder } = await open([{ hangs: true }])
    const running = embedder.embed(['a'], { task: 'query' })
    await embedder.close()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('has another fingerprint for another model, other dimensions and other prefixes, not for another address', async () => {
    const fingerprints = await Promise.all(
      [{}, {}, { modelId: 'n' }, { dimensions: 8 }, { prefixes: { query: 'q', document: '' } }].map(
        async (options) => (await open([], options)).embedder.fingerprint,
      ),
    )
    expect(fingerprints[0]).toBe(fingerprints[1])
    expect(new Set(fingerprints).size).toBe(4)
  })
})
