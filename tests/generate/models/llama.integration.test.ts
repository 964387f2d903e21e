import { afterAll, describe, expect, test } from 'vitest'
import type { ChatMessage, ChatModel } from '../../../src/core/ports.js'
import { llamaModel } from '../../../src/generate/models/llama.js'
import { realModel } from '../../support/real-model.js'

const real = realModel()

const longText = 'The mechanical seal of the pump is replaced every 8000 hours of operation. '
const asking = (content: string): ChatMessage[] => [
  { role: 'system', content: 'You answer in one short sentence.' },
  { role: 'user', content },
]

/** A busy machine is no failure; bench/llm.mjs measures how soon. Without a stop both would take half a minute. */
const soonMs = 3_000

describe.skipIf(real === null)('llamaModel with a real model', () => {
  // One thread: with as many as a busy machine has cores, the threads wait for each other.
  const options = { contextTokens: 8192, threads: 1, temperature: 0 }
  const model: ChatModel = llamaModel({ modelPath: real?.modelPath ?? '', home: real?.home ?? '', ...options })
  afterAll(() => model.close?.())

  test('streams an answer from the text, with how it ended and what it took', async () => {
    const startedAt = performance.now()
    let firstMs = 0
    let text = ''
    const others: unknown[] = []
    for await (const event of model.stream(asking(`${longText}\nHow often is the seal replaced?`), { maxTokens: 48 })) {
      if (event.type !== 'delta') others.push(event)
      else {
        if (text === '') firstMs = performance.now() - startedAt
        text += event.text
      }
    }
    expect(text).toContain('8000 hours')
    expect(others).toEqual([
      { type: 'finish', reason: expect.stringMatching(/complete|length/) },
      { type: 'usage', usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) } },
    ])
    console.log(`first word after ${Math.round(firstMs)} ms, the loading included: ${JSON.stringify(text)}`)
  })

  test('stops soon while it reads a long prompt, and is soon free for the next one', async () => {
    const controller = new AbortController()
    const question = asking(`${longText.repeat(300)}\nHow often is the seal replaced?`)
    const events = model.stream(question, { maxTokens: 16, signal: controller.signal })[Symbol.asyncIterator]()
    const first = events.next()
    setTimeout(() => controller.abort(), 1_000)
    const stopped = new Promise<number>((resolve) =>
      controller.signal.addEventListener('abort', () => resolve(performance.now())),
    )
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - (await stopped)).toBeLessThan(soonMs)
    for await (const event of model.stream(asking('Say hello.'), { maxTokens: 4 })) {
      if (event.type === 'delta') break
    }
    // Reading those 5,000 tokens takes a core half a minute and more.
    expect(performance.now() - (await stopped)).toBeLessThan(15_000)
  })

  test('stops soon while it writes', async () => {
    const controller = new AbortController()
    let stoppedAt = 0
    const writing = async () => {
      for await (const event of model.stream(asking('Write a long story.'), {
        maxTokens: 2_000,
        signal: controller.signal,
      })) {
        if (event.type !== 'delta' || stoppedAt > 0) continue
        stoppedAt = performance.now()
        controller.abort()
      }
    }
    await expect(writing()).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - stoppedAt).toBeLessThan(soonMs)
  })
})
