import { describe, expect, onTestFinished, test } from 'vitest'
import { type OpenAiModelOptions, openAiModel } from '../../../src/generate/models/openai.js'
import { beginStream, type ChatReply, chatServer, piece, streamForever, streamText } from '../../support/chat-server.js'
import { collect } from '../../support/collect.js'
import { faultyServer, modelFaults } from '../../support/model-faults.js'

async function serve(reply: ChatReply, options?: { models?: string[] }) {
  const server = await chatServer(reply, options)
  onTestFinished(() => server.close())
  return server
}

const patience = { connectMs: 2_000, firstTokenMs: 2_000, idleMs: 2_000 }

const modelAt = (baseUrl: string, given: Partial<OpenAiModelOptions> = {}) =>
  openAiModel({ baseUrl, patience, ...given })

const ask = (baseUrl: string, given?: Partial<OpenAiModelOptions>, signal?: AbortSignal) =>
  collect(
    modelAt(baseUrl, given).stream([{ role: 'user', content: '问' }], { maxTokens: 64, ...(signal ? { signal } : {}) }),
  )

/** Timers and sockets that this process has open. */
const handles = () => process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|TLS/.test(name)).length

describe('openAiModel', () => {
  test('streams the text, the end and the usage of the first model that is listed', async () => {
    const server = await serve(streamText(['额定', '流量']), { models: ['qwen', 'other'] })
    expect(await ask(server.baseUrl, { temperature: 0.5 })).toEqual([
      { type: 'delta', text: '额定' },
      { type: 'delta', text: '流量' },
      { type: 'finish', reason: 'complete' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 2 } },
    ])
    expect(server.requests).toEqual([
      {
        model: 'qwen',
        messages: [{ role: 'user', content: '问' }],
        max_tokens: 64,
        temperature: 0.5,
        stream: true,
        stream_options: { include_usage: true },
      },
    ])
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

  test('ends well without [DONE] when the model said that it is done', async () => {
    const server = await serve(streamText(['泵'], { done: false }))
    expect((await ask(server.baseUrl)).map(({ type }) => type)).toEqual(['delta', 'finish', 'usage'])
  })

  test('takes an answer in one piece from a server that does not stream', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"choices": [{"message": {"content": "泵"}, "finish_reason": "stop"}]}')
    })
    expect((await ask(server.baseUrl))[0]).toEqual({ type: 'delta', text: '泵' })
  })

  test('asks in the words that the server takes, and keeps to them', async () => {
    const server = await serve((response, request) => {
      const asked = server.requests.at(-1)
      if (JSON.stringify(asked).includes('max_completion_tokens')) return streamText(['ok'])(response, request)
      response.writeHead(400).end("'max_tokens' is not supported. Use 'max_completion_tokens' instead.")
    })
    const model = modelAt(server.baseUrl)
    for (const _ of [1, 2]) await collect(model.stream([], { maxTokens: 7 }))
    expect(server.requests).toHaveLength(3)
    expect(server.requests[2]).toMatchObject({ max_completion_tokens: 7 })
    expect(server.requests[2]).not.toHaveProperty('max_tokens')
  })

  test('looks again for the first model after a failure', async () => {
    const models = ['old']
    const server = await serve((response) => void response.writeHead(404).end('no such model'), { models })
    const model = modelAt(server.baseUrl)
    await expect(collect(model.stream([], { maxTokens: 1 }))).rejects.toThrow('no such model')
    models[0] = 'new'
    server.answerWith(streamText(['ok']))
    await collect(model.stream([], { maxTokens: 1 }))
    expect(model.modelId).toBe('new')
  })

  test.each(modelFaults('a'))('is rid of a server that $name, and tells what it did', async (fault) => {
    const server = await faultyServer(fault)
    if (fault.reply) onTestFinished(() => server.close())
    const before = handles()
    const patience = { connectMs: 300, firstTokenMs: 300, idleMs: 300 }
    const asking = ask(server.baseUrl, { model: 'm', patience })
    if (fault.code === null) expect((await asking).at(-1)).toEqual({ type: 'finish', reason: 'length' })
    else
      await expect(asking).rejects.toMatchObject({
        code: fault.code,
        remedy: expect.stringContaining('inkstone doctor'),
      })
    await expect.poll(() => server.openConnections()).toBe(0)
    await expect.poll(handles).toBeLessThanOrEqual(before)
  })

  test('names the step that took too long', async () => {
    const hung = await serve(() => undefined)
    await expect(ask(hung.baseUrl, { model: 'm', patience: { ...patience, firstTokenMs: 100 } })).rejects.toThrow(
      'wrote no word within 100 ms',
    )
    const silent = await serve((response) => beginStream(response, ['a']))
    await expect(ask(silent.baseUrl, { model: 'm', patience: { ...patience, idleMs: 100 } })).rejects.toThrow(
      'fell silent for 100 ms',
    )
  })

  test('does not take a slow reader for a silent server', async () => {
    const server = await serve((response) => {
      beginStream(response, ['a'])
      response.end(`${piece('b')}data: [DONE]\n\n`)
    })
    const words: string[] = []
    const options = { patience: { ...patience, idleMs: 100 } }
    for await (const event of modelAt(server.baseUrl, options).stream([], { maxTokens: 1 })) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      if (event.type === 'delta') words.push(event.text)
    }
    expect(words).toEqual(['a', 'b'])
  })

  test('closes the connection at once when it is stopped', async () => {
    const server = await serve(streamForever('a', 10))
    const controller = new AbortController()
    const asking = ask(server.baseUrl, {}, controller.signal)
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort()
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => server.abandonedAt.length).toBe(1)
  })

  test('closes the connection when its reader stops reading', async () => {
    const server = await serve((response) => beginStream(response, ['a']))
    for await (const _ of modelAt(server.baseUrl).stream([], { maxTokens: 1 })) break
    await expect.poll(() => server.openConnections()).toBe(0)
  })

  test('says when the server has no model', async () => {
    const server = await serve(streamText([]), { models: [] })
    await expect(ask(server.baseUrl)).rejects.toMatchObject({
      code: 'language_model_failed',
      message: expect.stringContaining('INKSTONE_LLM_MODEL'),
    })
  })
})
