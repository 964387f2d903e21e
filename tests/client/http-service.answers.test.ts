import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpService } from '../../src/client/http-service.js'
import type { AnswerEvent } from '../../src/core/answer.js'
import { InkstoneError } from '../../src/core/errors.js'
import type { InkstoneService } from '../../src/core/service.js'
import { bytesOf, collect, errorOf } from '../support/collect.js'
import { type RunningApp, startApp } from '../support/running-app.js'
import { scriptedService } from '../support/scripted-service.js'
import { until } from '../support/until.js'

let running: RunningApp
let client: InkstoneService

async function start(options: Parameters<typeof startApp>[0] = {}) {
  running = await startApp(options)
  client = httpService({ baseUrl: running.url, apiKey: options.apiKey })
}

beforeEach(() => start())
afterEach(async () => {
  await client.close()
  await running.close()
})

async function restart(options: Parameters<typeof startApp>[0]) {
  await client.close()
  await running.close()
  await start(options)
}

async function submitText(text: string, sourceUri = 'pump.txt') {
  return client.submit('manuals', { sourceUri, bytes: bytesOf(text) })
}

describe('httpService › answers', () => {
  beforeEach(async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    await submitText('每运行两千小时更换一次机械密封。')
  })

  test('stream the very events of the service, in order', async () => {
    const request = { question: '多久更换？', history: ['机械密封'], topK: 3, knowledgeBaseIds: ['manuals'] }
    const events = await collect(client.answer(request))
    expect(events).toEqual(await collect(running.service.answer(request)))
    expect(events.map(({ type }) => type)).toEqual([
      'answer.started',
      'retrieval',
      'delta',
      'delta',
      'citation',
      'notice',
      'usage',
      'done',
    ])
  })

  test('can be a refusal', async () => {
    const events = await collect(client.answer({ question: 'q', filter: { documentIds: ['doc_0'] } }))
    expect(events.at(-1)).toMatchObject({ type: 'done', answer: { status: 'abstained', reason: 'no_match' } })
  })

  test('about an unknown knowledge base throw before any event', async () => {
    const promise = collect(client.answer({ question: 'q', knowledgeBaseIds: ['none'] }))
    expect(await errorOf(promise)).toMatchObject({ code: 'knowledge_base_not_found' })
  })

  test('that break keep what came and then throw the error of the service', async () => {
    async function* breaking(_request: unknown, events: AnswerEvent[]) {
      yield* events.slice(0, 3)
      throw new InkstoneError('language_model_failed', 'the model stopped', { remedy: 'look at its log' })
    }
    await restart({ service: scriptedService({ answer: breaking }) })
    const seen: AnswerEvent[] = []
    const error = await errorOf(
      (async () => {
        for await (const event of client.answer({ question: 'q' })) seen.push(event)
      })(),
    )
    expect(seen.map(({ type }) => type)).toEqual(['answer.started', 'retrieval', 'refusal'])
    expect(error).toMatchObject({
      code: 'language_model_failed',
      message: 'the model stopped',
      remedy: 'look at its log',
    })
  })

  test('that end too early are an error, never a whole answer', async () => {
    async function* short(_request: unknown, events: AnswerEvent[]) {
      yield* events.slice(0, 2)
    }
    await restart({ service: scriptedService({ answer: short }) })
    expect(await errorOf(collect(client.answer({ question: 'q' })))).toMatchObject({ code: 'internal' })
  })

  test('stop in the server when the caller stops', async () => {
    async function* endless(_request: unknown, events: AnswerEvent[], signal: AbortSignal | undefined) {
      yield* events.slice(0, 2)
      while (!signal?.aborted) yield { type: 'delta' as const, text: '字'.repeat(1_000) }
    }
    await restart({ service: scriptedService({ answer: endless }) })
    for await (const event of client.answer({ question: 'q' })) if (event.type === 'delta') break
    await until(() => running.service.streamsUnderWay() === 0)
    expect(running.service.signals.at(-1)?.aborted).toBe(true)
  })

  test('come with the hits of a search', async () => {
    const { hits } = await client.search({ query: '密封', topK: 1 })
    expect(hits).toEqual((await running.service.search({ query: '密封', topK: 1 })).hits)
    expect(hits).toHaveLength(1)
  })
})

describe('httpService › connection', () => {
  test('reads the status', async () => {
    expect(await client.status()).toEqual(await running.service.status())
  })

  test('sends its key', async () => {
    await restart({ apiKey: 'a-key-of-sixteen-letters' })
    expect(await client.status()).toMatchObject({ version: '0.1.0' })
    const stranger = httpService({ baseUrl: running.url, apiKey: 'another-key-of-some-length' })
    expect(await errorOf(stranger.status())).toMatchObject({ code: 'unauthorized' })
    await stranger.close()
  })

  test('says what to do when no server answers', async () => {
    await running.close()
    const error = await errorOf(client.status())
    expect(error.message).toContain(`no Inkstone server answers at ${running.url}`)
    expect(error).toMatchObject({ code: 'server_unreachable', remedy: expect.stringContaining('inkstone serve') })
    await start()
  })

  test('does not take what another kind of server says', async () => {
    const reply = (body: string, status: number) =>
      httpService({ baseUrl: 'http://x.test', fetch: async () => new Response(body, { status }) })
    expect(await errorOf(reply('<html>', 502).status())).toMatchObject({ code: 'internal' })
    expect(await errorOf(reply('<html>', 200).status())).toMatchObject({ code: 'server_unreachable' })
    const strange = await errorOf(reply('{"version":1}', 200).status())
    expect(strange.message).toContain('not understood')
  })

  test('cuts everything under way when closed', async () => {
    await client.createKnowledgeBase({ slug: 'manuals' })
    const { job } = await submitText('one')
    const jobs = client.watchJob(job?.id ?? '')[Symbol.asyncIterator]()
    await jobs.next()
    const waiting = jobs.next()
    await client.close()
    expect(await errorOf(waiting)).toMatchObject({ code: 'cancelled' })
    await until(() => running.service.streamsUnderWay() === 0)
  })
})
