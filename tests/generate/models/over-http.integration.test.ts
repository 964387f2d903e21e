import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { answerEventSchema, answerSchema } from '../../../src/api/answer.js'
import { type Config, settings } from '../../../src/config/settings.js'
import type { AnswerEvent } from '../../../src/core/answer.js'
import { openInkstone } from '../../../src/inkstone.js'
import { createApp } from '../../../src/server/app.js'
import { listen } from '../../../src/server/listen.js'
import { type ChatReply, type ChatServer, chatServer, streamForever, streamText } from '../../support/chat-server.js'
import { faultyServer, modelFaults } from '../../support/model-faults.js'
import { openRequest, type RawReply, rawRequest } from '../../support/raw-request.js'
import { recordingLog } from '../../support/running-app.js'
import { wordEmbedder } from '../../support/word-embedder.js'

const passage = '机械密封每 8000 小时更换一次。'
const said = '机械密封每 8000 小时更换一次 [1]。'
const body = JSON.stringify({ question: '机械密封多久更换一次？' })
const asJson = { 'content-type': 'application/json' }
const asEvents = { ...asJson, accept: 'text/event-stream' }
/** Every wait of the settings below together, with room for a busy machine. */
const longestAnswerMs = 10_000

let home = ''

const open = (given: Partial<Config> = {}) =>
  openInkstone(settings.parse({ home, modelsDir: join(home, 'models'), ...given }), {
    log: recordingLog([]),
    openEmbedder: async () => wordEmbedder(),
  })

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'inkstone-models-'))
  const inkstone = await open()
  const { job } = await inkstone.submit('default', {
    sourceUri: 'manual.txt',
    bytes: Readable.from([Buffer.from(passage)]),
  })
  for await (const change of inkstone.watchJob(job?.id ?? '')) expect(change.status).not.toBe('failed')
  await inkstone.close()
})
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 3 }))

/** The whole server, with a model server of the test's own behind it. */
async function serve(model: ChatServer, given: Partial<Config> = {}) {
  const patience = { llmConnectTimeoutMs: 400, llmFirstTokenTimeoutMs: 400, llmIdleTimeoutMs: 400 }
  const inkstone = await open({ llmBaseUrl: model.baseUrl, llmModel: 'm', llmRetries: 1, ...patience, ...given })
  const app = createApp({
    service: inkstone,
    log: recordingLog([]),
    allowedHosts: [],
    maxUploadBytes: 1024,
    readiness: () => ({ ready: true, reason: null }),
    webDir: '/nonexistent',
  })
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 500 })
  onTestFinished(async () => {
    await close()
    await inkstone.close()
  })
  return {
    answer: (headers: Record<string, string>) => rawRequest(url, '/v1/answers', { method: 'POST', headers, body }),
    /** Asks and leaves the reply open. */
    ask: (headers: Record<string, string>) => {
      const request = openRequest(url, '/v1/answers', { headers })
      request.on('error', () => undefined)
      request.end(body)
      return request
    },
  }
}

async function modelServer(reply: ChatReply): Promise<ChatServer> {
  const server = await chatServer(reply)
  onTestFinished(() => server.close())
  return server
}

function eventsOf({ text }: RawReply): AnswerEvent[] {
  const data = text.split('\n').filter((line) => line.startsWith('data: '))
  return data.map((line) => answerEventSchema.parse(JSON.parse(line.slice(6))))
}

describe('POST /v1/answers with a model server that fails', () => {
  test.each(modelFaults(said))('ends in time when it $name, and keeps what there is', async (fault) => {
    const model = await faultyServer(fault)
    if (fault.reply) onTestFinished(() => model.close())
    const { answer } = await serve(model, { llmMaxTokens: 64 })
    const startedAt = performance.now()
    const reply = await answer(asEvents)
    expect(performance.now() - startedAt).toBeLessThan(longestAnswerMs)
    expect(reply.status).toBe(200)
    const events = eventsOf(reply)
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['answer.started', 'retrieval'])
    expect(events[1]).toMatchObject({ hits: [{ chunk: { text: passage } }] })
    const problem = fault.code === null ? null : expect.objectContaining({ code: fault.code })
    const code = fault.outcome === 'quotes' ? 'model_failed' : fault.outcome
    expect(events).toContainEqual({ type: 'notice', code, message: expect.any(String), problem })
    const last = events.at(-1)
    expect(last).toMatchObject({ type: 'done', answer: { status: 'answered', notice: expect.any(String), problem } })
    expect(last).toMatchObject(
      fault.outcome === 'quotes'
        ? {
            answer: {
              modelId: 'extractive',
              finishReason: 'complete',
              citations: [{ quote: passage, verified: true }],
            },
          }
        : { answer: { modelId: 'm', finishReason: fault.outcome, text: expect.stringContaining(said) } },
    )
    if (fault.outcome === 'cut_off') {
      expect(last).toMatchObject({ answer: { citations: [{ marker: 1, quote: passage, page: null, verified: true }] } })
    }
    await expect.poll(() => model.openConnections()).toBe(0)
  })

  test('gives the same as JSON', async () => {
    const fault = modelFaults(said).find(({ name }) => name.includes('drops'))
    if (fault === undefined) throw new Error('that fault is gone')
    const model = await modelServer(fault.reply ?? (() => undefined))
    const reply = await (await serve(model)).answer(asJson)
    const answer = answerSchema.parse(JSON.parse(reply.text))
    expect(answer).toMatchObject({
      finishReason: 'cut_off',
      text: said,
      problem: { code: 'language_model_unreachable' },
    })
  })

  test('asks again when an overloaded server says when', async () => {
    const model = await modelServer((response) => {
      model.answerWith(streamText([said]))
      response.writeHead(429, { 'retry-after': '0' }).end()
    })
    const reply = await (await serve(model)).answer(asJson)
    expect(JSON.parse(reply.text)).toMatchObject({ modelId: 'm', finishReason: 'complete', notice: null })
  })

  test('quotes at once, and says so, when it has failed several times', async () => {
    const model = await modelServer((response) => void response.writeHead(500).end())
    const { answer } = await serve(model, { llmRetries: 0, llmBreakerFailures: 2 })
    for (const _ of [1, 2]) await answer(asJson)
    expect(JSON.parse((await answer(asJson)).text)).toMatchObject({
      modelId: 'extractive',
      problem: { code: 'language_model_paused' },
    })
    expect(model.requests).toHaveLength(2)
  })
})

describe('POST /v1/answers with a model that is busy', () => {
  test('refuses with 503 and Retry-After when too many wait, and after a long wait', async () => {
    const model = await modelServer(streamForever('a', 20))
    const { answer, ask } = await serve(model, { llmConcurrency: 1, llmQueueLength: 1, llmQueueTimeoutMs: 500 })
    const writing = ask(asEvents)
    await expect.poll(() => model.requests.length).toBe(1)
    const replies = await Promise.all([answer(asJson), answer(asJson), answer(asEvents)])
    for (const { status, headers, text } of replies.slice(0, 2)) {
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 503, code: 'language_model_busy' })
      expect(headers['retry-after']).toBe('5')
    }
    expect(replies[2]?.text).toMatch(/event: retrieval[\s\S]*event: error\ndata: .*"code":"language_model_busy"/)
    writing.destroy()
  })
})

describe('POST /v1/answers whose client goes away', () => {
  test.each([
    ['events', asEvents],
    ['JSON', asJson],
  ])('stops the model (%s)', async (_, headers) => {
    const model = await modelServer(streamForever('词', 20))
    const { ask } = await serve(model, { llmMaxTokens: 4_000 })
    const request = ask(headers)
    await expect.poll(() => model.requests.length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(model.abandonedAt).toEqual([])
    request.destroy()
    await expect.poll(() => model.abandonedAt.length).toBe(1)
    await expect.poll(() => model.openConnections()).toBe(0)
  })

  test('gives up its place in the queue', async () => {
    const model = await modelServer(streamForever('词', 20))
    const { ask } = await serve(model, { llmConcurrency: 1 })
    const [writing, waiting] = [ask(asEvents), ask(asEvents)]
    await expect.poll(() => model.requests.length).toBe(1)
    waiting.destroy()
    writing.destroy()
    await expect.poll(() => model.openConnections()).toBe(0)
    model.answerWith(streamText([said]))
    ask(asJson)
    await expect.poll(() => model.requests.length).toBe(2)
  })
})
