import { afterEach, describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../../src/core/ports.js'
import { type OpenAiModelOptions, openAiModel } from '../../../src/generate/models/openai.js'
import { type ChatReply, type ChatServer, chatServer, streamText } from '../../support/chat-server.js'

const servers: ChatServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(reply: ChatReply, options?: { models?: string[] }): Promise<ChatServer> {
  const server = await chatServer(reply, options)
  servers.push(server)
  return server
}

const modelAt = (baseUrl: string, given: Partial<OpenAiModelOptions> = {}) =>
  openAiModel({ baseUrl, connectTimeoutMs: 2_000, idleTimeoutMs: 2_000, totalTimeoutMs: 5_000, ...given })

async function collect(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const collected: ChatEvent[] = []
  for await (const event of events) collected.push(event)
  return collected
}

const ask = (baseUrl: string, given?: Partial<OpenAiModelOptions>, signal?: AbortSignal) =>
  collect(
    modelAt(baseUrl, given).stream([{ role: 'user', content: '问' }], { maxTokens: 64, ...(signal ? { signal } : {}) }),
  )

describe('openAiModel', () => {
  test('streams the text and the usage of the first model that is listed', async () => {
    const server = await serve(streamText(['额定', '流量']), { models: ['qwen', 'other'] })
    expect(await ask(server.baseUrl)).toEqual([
      { type: 'delta', text: '额定' },
      { type: 'delta', text: '流量' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 2 } },
    ])
    expect(server.requests[0]).toMatchObject({ model: 'qwen', max_tokens: 64, stream: true })
  })

  test('asks for the model that is named, with the key', async () => {
    const keys: unknown[] = []
    const server = await serve((response, request) => {
      keys.push(request.headers.authorization)
      void streamText(['x'])(response, request)
    })
    await ask(server.baseUrl, { model: 'mine', apiKey: 'secret' })
    expect(server.requests[0]).toMatchObject({ model: 'mine' })
    expect(keys).toEqual(['Bearer secret'])
  })

  test('ends well without [DONE] and puts characters together that were split between packets', async () => {
    const bytes = Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content: '泵' } }] })}\n\n`)
    const server = await serve(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const byte of bytes) response.write(Buffer.from([byte]))
      response.end()
    })
    expect(await ask(server.baseUrl)).toEqual([{ type: 'delta', text: '泵' }])
  })

  test.each<[string, ChatReply, string]>([
    ['an error status', (response) => void response.writeHead(500).end('boom'), 'language_model_failed'],
    [
      'a page instead of events',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'language_model_failed',
    ],
    [
      'a piece that is no JSON',
      (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {oops\n\n'),
      'language_model_failed',
    ],
    [
      'an error inside the stream',
      (response) =>
        void response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('data: {"error":{"message":"out of memory"}}\n\n'),
      'language_model_failed',
    ],
    ['a connection that drops', (response) => void response.socket?.destroy(), 'language_model_unreachable'],
  ])('reports %s with its code and a remedy', async (_, reply, code) => {
    const server = await serve(reply)
    await expect(ask(server.baseUrl)).rejects.toMatchObject({
      code,
      remedy: expect.stringContaining('inkstone doctor'),
    })
  })

  test('gives up a server that accepts and never answers', async () => {
    const server = await serve(() => undefined)
    const asking = ask(server.baseUrl, { model: 'm', connectTimeoutMs: 100 })
    await expect(asking).rejects.toMatchObject({
      code: 'language_model_unreachable',
      message: expect.stringContaining('100 ms'),
    })
  })

  test('gives up a server that falls silent in the middle', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    })
    await expect(ask(server.baseUrl, { idleTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'language_model_unreachable',
    })
  })

  test('gives up an answer that never ends', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n'), 20)
      response.on('close', () => clearInterval(timer))
    })
    await expect(ask(server.baseUrl, { totalTimeoutMs: 1_000 })).rejects.toMatchObject({
      message: expect.stringContaining('1000 ms'),
    })
  })

  test('says where nothing listens', async () => {
    const server = await chatServer(() => undefined)
    await server.close()
    await expect(ask(server.baseUrl)).rejects.toMatchObject({ code: 'language_model_unreachable' })
  })

  test('closes the connection when it is stopped', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    })
    const controller = new AbortController()
    const asking = ask(server.baseUrl, {}, controller.signal)
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort()
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => server.abandoned).toBe(1)
  })

  test('closes the connection when its reader stops reading', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n')
    })
    for await (const _ of modelAt(server.baseUrl).stream([], { maxTokens: 1 })) break
    await expect.poll(() => server.abandoned).toBe(1)
  })

  test('says when the server has no model', async () => {
    const server = await serve(streamText([]), { models: [] })
    await expect(ask(server.baseUrl)).rejects.toMatchObject({
      code: 'language_model_failed',
      remedy: expect.stringContaining('INKSTONE_LLM_MODEL'),
    })
  })
})
