import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerEvent } from '../../src/core/answer.js'
import { InkstoneError } from '../../src/core/errors.js'
import { eventStream, type StreamEvent } from '../../src/server/event-stream.js'
import { openRequest, rawRequest } from '../support/raw-request.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'
import { until } from '../support/until.js'

const never = new AbortController().signal
const onFailure = (thrown: unknown): StreamEvent => ({ event: 'error', data: String(thrown) })

async function* count(last: number, seen: number[] = []): AsyncGenerator<StreamEvent> {
  for (let data = 1; data <= last; data++) {
    seen.push(data)
    yield { event: 'n', data }
  }
}

describe('eventStream', () => {
  test('frames events and says how they are to be treated on their way', async () => {
    const reply = await eventStream(() => count(2), { signal: never, onFailure })
    expect(await reply.text()).toBe('event: n\ndata: 1\n\nevent: n\ndata: 2\n\n')
    expect(Object.fromEntries(reply.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
  })

  test('keeps line breaks inside one event', async () => {
    async function* poem(): AsyncGenerator<StreamEvent> {
      yield { event: 'text', data: 'a\r\nb\n\nevent: c\u2028' }
    }
    const text = await (await eventStream(poem, { signal: never, onFailure })).text()
    expect(text).toBe('event: text\ndata: "a\\r\\nb\\n\\nevent: c\u2028"\n\n')
  })

  test('asks for the next event only when the one before was taken', async () => {
    const seen: number[] = []
    const reply = await eventStream(() => count(100, seen), { signal: never, onFailure })
    const reader = reply.body?.getReader()
    await reader?.read()
    await reader?.read()
    await setImmediate()
    expect(seen).toEqual([1, 2])
    await reader?.cancel()
  })

  test('throws what is wrong from the outset', async () => {
    // biome-ignore lint/correctness/useYield: it breaks before its first event
    async function* broken(): AsyncGenerator<StreamEvent> {
      throw new InkstoneError('job_not_found', 'no such job')
    }
    await expect(eventStream(broken, { signal: never, onFailure })).rejects.toMatchObject({ code: 'job_not_found' })
  })

  test('ends with the failure when it breaks later', async () => {
    async function* breaking() {
      yield* count(1)
      throw new Error('gone')
    }
    const text = await (await eventStream(breaking, { signal: never, onFailure })).text()
    expect(text).toBe('event: n\ndata: 1\n\nevent: error\ndata: "Error: gone"\n\n')
  })

  test('sends comments while nothing happens, and loses no event over them', async () => {
    let release: () => void = () => undefined
    async function* slow() {
      yield* count(1)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      yield { event: 'late', data: 2 }
    }
    const reply = await eventStream(slow, { signal: never, onFailure, commentEveryMs: 1 })
    const pieces: string[] = []
    for await (const piece of reply.body ?? []) {
      pieces.push(Buffer.from(piece).toString())
      if (pieces.length === 4) release()
    }
    expect(pieces.slice(0, 4)).toEqual(['event: n\ndata: 1\n\n', ...Array(3).fill(': still here\n\n')])
    expect(pieces.at(-1)).toBe('event: late\ndata: 2\n\n')
  })

  test.each(['signal', 'cancel'] as const)('tells the source when nobody listens any more (%s)', async (how) => {
    const client = new AbortController()
    let given: AbortSignal = never
    let hasEnded = false
    async function* watched(signal: AbortSignal) {
      given = signal
      try {
        yield* count(1_000)
      } finally {
        hasEnded = true
      }
    }
    const reply = await eventStream(watched, { signal: client.signal, onFailure })
    if (how === 'signal') client.abort()
    else await reply.body?.cancel()
    expect(given.aborted).toBe(true)
    if (how === 'cancel') expect(hasEnded).toBe(true)
  })

  test('ends a silent stream when the server stops', async () => {
    const closing = new AbortController()
    async function* silent() {
      yield* count(1)
      await new Promise(() => undefined)
    }
    const text = (await eventStream(silent, { signal: never, closing: closing.signal, onFailure })).text()
    closing.abort(new InkstoneError('cancelled', 'the server is stopping'))
    expect(await text).toContain('event: error\ndata: "InkstoneError: the server is stopping"')
  })
})

describe('POST /v1/answers', () => {
  let running: RunningApp
  const stop = async () => running.close()
  afterEach(stop)
  const start = async (answer?: Parameters<typeof scriptedService>[0]) => {
    running = await startApp({ service: scriptedService(answer) })
    await running.service.createKnowledgeBase({ slug: 'manuals' })
  }
  beforeEach(() => start())
  const ask = (accept: string, body: object = { question: '多久？' }) =>
    rawRequest(running.url, '/v1/answers', {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('streams to those who accept events and answers whole to all others', async () => {
    const stream = await ask('text/event-stream')
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(stream.text.match(/^event: .*$/gm)?.at(-1)).toBe('event: done')
    const done: AnswerEvent = JSON.parse(stream.text.trim().split('data: ').at(-1) ?? '')
    for (const accept of ['application/json', '*/*', 'text/event-streams']) {
      const whole = await ask(accept)
      expect(whole.headers['content-type']).toBe('application/json')
      expect(done).toEqual({ type: 'done', answer: JSON.parse(whole.text) })
    }
  })

  test('gives what is wrong from the outset its status, streamed or not', async () => {
    for (const accept of ['text/event-stream', 'application/json']) {
      const reply = await ask(accept, { question: 'q', knowledgeBaseIds: ['none'] })
      expect(reply).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } })
    }
  })

  test('turns an error in the middle into the last event, a problem that keeps secrets', async () => {
    await stop()
    await start({
      answer: async function* (_request, events) {
        yield* events.slice(0, 1)
        throw new Error('cannot read /secret/path')
      },
    })
    const { status, text } = await ask('text/event-stream')
    expect(status).toBe(200)
    const [, last = ''] = text.split('event: error\ndata: ')
    expect(JSON.parse(last)).toMatchObject({ status: 500, code: 'internal', instance: '/v1/answers' })
    expect(text).not.toContain('secret')
    expect(await ask('application/json')).toMatchObject({ status: 500 })
  })

  test('fires the signal of the service when the client leaves', async () => {
    await stop()
    await start({
      answer: async function* (_request, events, signal) {
        yield* events.slice(0, 1)
        await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      },
    })
    const outgoing = openRequest(running.url, '/v1/answers', {
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    })
    outgoing.on('error', () => undefined)
    outgoing.on('response', (reply) => reply.once('data', () => outgoing.destroy()))
    outgoing.end('{"question":"q"}')
    await until(() => running.service.signals[0]?.aborted === true && running.service.streamsUnderWay() === 0)
    expect(running.service.signals).toHaveLength(1)
  })

  test('leaves no stream behind for HEAD', async () => {
    const submission = await running.service.submit('manuals', { sourceUri: 'a.txt', bytes: one() })
    const reply = await rawRequest(running.url, `/v1/jobs/${submission.job?.id}/events`, { method: 'HEAD' })
    expect(reply).toMatchObject({ status: 200, text: '' })
    await until(() => running.service.streamsUnderWay() === 0)
    expect(running.service.signals.at(-1)?.aborted).toBe(true)
  })

  async function* one() {
    yield Buffer.from('one')
  }
})
