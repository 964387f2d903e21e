import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChatMessage } from '../../../src/core/ports.js'
import { guardedModel } from '../../../src/generate/models/guarded.js'
import { type ReplicateModelOptions, replicateModel } from '../../../src/generate/models/replicate.js'
import { collect } from '../../support/collect.js'
import { begin, type ReplicateScript, replicateServer, sse, streamed } from '../../support/replicate-server.js'

async function serve(script: ReplicateScript = {}) {
  const server = await replicateServer(script)
  onTestFinished(() => server.close())
  return server
}

const patience = { connectMs: 2_000, firstTokenMs: 2_000, idleMs: 2_000 }
const messages: ChatMessage[] = [
  { role: 'system', content: 'Answer briefly.' },
  { role: 'user', content: '流量？' },
]
const modelAt = (baseUrl: string, given: Partial<ReplicateModelOptions> = {}) =>
  replicateModel({ baseUrl, model: 'acme/chat', patience, ...given })
const ask = (baseUrl: string, given?: Partial<ReplicateModelOptions>, signal?: AbortSignal) =>
  collect(modelAt(baseUrl, given).stream(messages, { maxTokens: 64, ...(signal ? { signal } : {}) }))
const cancelled = 'POST /v1/predictions/p1/cancel'

describe('replicateModel', () => {
  test('makes a prediction and streams its words, its end and its usage', async () => {
    const outcome = { metrics: { input_token_count: 10, output_token_count: 3 } }
    const server = await serve({ stream: streamed(['额定', ' 25', '\n']), outcome })
    expect(await ask(server.baseUrl, { apiKey: 'r8_secret', temperature: 0.5 })).toEqual([
      { type: 'delta', text: '额定' },
      { type: 'delta', text: ' 25' },
      { type: 'delta', text: '\n' },
      { type: 'finish', reason: 'complete' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 3 } },
    ])
    expect(server.bodies).toEqual([
      {
        input: { prompt: '流量？', system_prompt: 'Answer briefly.', max_tokens: 64, temperature: 0.5 },
        stream: true,
      },
    ])
    expect(server.asked).toEqual([
      'POST /v1/models/acme/chat/predictions',
      'GET /v1/stream/p1',
      'GET /v1/predictions/p1',
    ])
    expect([...server.keys]).toEqual(['Bearer r8_secret'])
  })

  const version = 'a'.repeat(64)
  test.each([
    [`acme/chat:${version}`, 'POST /v1/predictions', { version }],
    [version, 'POST /v1/predictions', { version }],
    ['deployments/acme/mine', 'POST /v1/deployments/acme/mine/predictions', {}],
  ])('asks %s at %s', async (model, path, body) => {
    const server = await serve()
    await ask(server.baseUrl, { model })
    expect([server.asked[0], server.bodies[0]]).toMatchObject([path, body])
  })

  test('names the speakers of a longer conversation', async () => {
    const server = await serve()
    const conversation: ChatMessage[] = [
      ...messages,
      { role: 'assistant', content: '25' },
      { role: 'user', content: '扬程？' },
    ]
    await collect(modelAt(server.baseUrl).stream(conversation, { maxTokens: 64 }))
    expect(server.bodies[0]).toMatchObject({ input: { prompt: 'user: 流量？\n\nassistant: 25\n\nuser: 扬程？' } })
  })

  test('tells that an answer ended at its greatest length', async () => {
    const server = await serve({ outcome: { metrics: { input_token_count: 1, output_token_count: 64 } } })
    expect(await ask(server.baseUrl)).toContainEqual({ type: 'finish', reason: 'length' })
  })

  test('is content without figures of usage', async () => {
    const server = await serve({ outcome: { metrics: null } })
    expect((await ask(server.baseUrl)).at(-1)).toEqual({ type: 'finish', reason: 'complete' })
  })

  test('cancels what nobody waits for any more: at a word', async () => {
    const server = await serve({ stream: (response) => begin(response, ['甲']) })
    for await (const event of modelAt(server.baseUrl).stream(messages, { maxTokens: 64 })) {
      expect(event).toEqual({ type: 'delta', text: '甲' })
      break
    }
    await expect.poll(() => server.asked).toContain(cancelled)
    await expect.poll(() => server.openConnections()).toBe(0)
  })

  test('cancels what nobody waits for any more: before its address is known', async () => {
    const waiting: (() => void)[] = []
    const server = await serve({
      create: (response, request) => {
        const at = `http://${request.headers.host}/v1/predictions/p1`
        const reply = JSON.stringify({ urls: { get: at, cancel: `${at}/cancel`, stream: `${at}/stream` } })
        waiting.push(() => response.writeHead(201).end(reply))
      },
    })
    const controller = new AbortController()
    const asking = ask(server.baseUrl, {}, controller.signal)
    await expect.poll(() => waiting).toHaveLength(1)
    controller.abort()
    await expect(asking).rejects.toThrow()
    waiting[0]?.()
    await expect.poll(() => server.asked).toContain(cancelled)
    await expect.poll(() => server.openConnections()).toBe(0)
  })

  test('ends an answer that never ends, and cancels it', async () => {
    const server = await serve({
      stream: (response) => {
        begin(response)
        const timer = setInterval(() => response.write(sse('output', 'again and again ')), 1)
        response.on('close', () => clearInterval(timer))
      },
    })
    expect((await ask(server.baseUrl)).at(-1)).toEqual({ type: 'finish', reason: 'length' })
    await expect.poll(() => server.asked).toContain(cancelled)
  })

  const status =
    (code: number): NonNullable<ReplicateScript['create']> =>
    (response) =>
      void response.writeHead(code, { 'content-type': 'application/json' }).end('{"detail": "no"}')
  const failed = 'language_model_failed'
  const unreachable = 'language_model_unreachable'
  const faults: [string, ReplicateScript, string, RegExp][] = [
    ['hangs', { create: () => undefined }, unreachable, /wrote no word within 200 ms/],
    ['refuses the key', { create: status(401) }, failed, /answered 401/],
    ['wants money', { create: status(402) }, failed, /answered 402/],
    ['knows no such model', { create: status(404) }, failed, /answered 404/],
    ['does not take the input', { create: status(422) }, failed, /answered 422/],
    ['has too much to do', { create: status(429) }, failed, /answered 429/],
    ['is broken', { create: status(500) }, failed, /answered 500/],
    ['answers with a page', { create: (response) => void response.end('<p>Log in</p>') }, failed, /no prediction/],
    ['has no stream', { urls: { stream: undefined } }, failed, /does not stream/],
    ['sends to another host', { urls: { stream: 'http://198.51.100.1/s' } }, failed, /another host/],
    ['loses the stream', { stream: status(404) }, failed, /answered 404/],
    ['hangs at the stream', { stream: () => undefined }, unreachable, /wrote no word/],
    ['falls silent', { stream: (response) => begin(response, ['a']) }, unreachable, /fell silent/],
    ['streams a page', { stream: (response) => void response.end('<p>') }, failed, /not with an event stream/],
    ['ends without a sign', { stream: streamed(['a'], null) }, failed, /without a sign/],
    ['says that it failed', { stream: streamed(['a'], '{"reason": "error"}') }, failed, /ended by: error/],
    ['is cancelled there', { stream: streamed([], '{"reason": "canceled"}') }, failed, /ended by: canceled/],
    [
      'sends an error',
      {
        stream: (response) => {
          begin(response, ['a'])
          response.end(sse('error', '{"detail": "out of memory"}'))
        },
      },
      failed,
      /out of memory/,
    ],
    [
      'sends broken UTF-8',
      {
        stream: (response) => {
          begin(response)
          response.end(Buffer.from([0x64, 0x3a, 0xe6, 0xff, 0x0a, 0x0a]))
        },
      },
      failed,
      /not UTF-8/,
    ],
    [
      'drops the connection',
      {
        stream: (response) => {
          begin(response, ['a'])
          setTimeout(() => response.destroy(), 30)
        },
      },
      unreachable,
      /hung up/,
    ],
  ]

  test.each(faults)('is rid of a server that %s', async (_name, script, code, message) => {
    const server = await serve(script)
    const short = { connectMs: 2_000, firstTokenMs: 200, idleMs: 200 }
    await expect(ask(server.baseUrl, { patience: short })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    })
    await expect.poll(() => server.openConnections()).toBe(0)
  })

  test('never repeats the key', async () => {
    const server = await serve({ create: (response) => void response.writeHead(401).end('bad key r8_secret') })
    await expect(ask(server.baseUrl, { apiKey: 'r8_secret' })).rejects.toThrow('bad key ******')
  })

  test('is asked again by its guards before the first word, and never after it', async () => {
    const replies = [503, 201]
    const server = await serve({
      create: (response, request) => {
        const at = `http://${request.headers.host}/v1`
        const urls = { get: `${at}/predictions/p1`, cancel: `${at}/predictions/p1/cancel`, stream: `${at}/stream/p1` }
        response.writeHead(replies.shift() ?? 500).end(JSON.stringify({ urls }))
      },
      stream: (response) => {
        begin(response, ['a'])
        setTimeout(() => response.destroy(), 30)
      },
    })
    const guarded = guardedModel(modelAt(server.baseUrl), {
      queue: { concurrency: 1, length: 1, waitMs: 1_000 },
      breaker: { failures: 9, pauseMs: 1_000 },
      retry: { retries: 3, backoffMs: 1 },
      totalMs: 20_000,
    })
    await expect(collect(guarded.stream(messages, { maxTokens: 64 }))).rejects.toMatchObject({ code: unreachable })
    expect(server.bodies).toHaveLength(2)
  })
})
