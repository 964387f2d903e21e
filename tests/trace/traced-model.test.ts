import { describe, expect, test } from 'vitest'
import type { TracedPrompt } from '../../src/core/answer-record.js'
import type { ChatEvent, ChatMessage, ChatModel } from '../../src/core/ports.js'
import { promptHash, tracedModel } from '../../src/trace/traced-model.js'
import { collect } from '../support/collect.js'

const messages: ChatMessage[] = [
  { role: 'system', content: 's' },
  { role: 'user', content: 'u' },
]

function modelOf(events: readonly ChatEvent[], thrown?: Error) {
  const seen: Parameters<ChatModel['stream']>[1][] = []
  const model: ChatModel = {
    modelId: 'scripted',
    async *stream(_messages, options) {
      seen.push(options)
      yield* events
      if (thrown) throw thrown
    },
  }
  return { model, seen }
}

describe('tracedModel', () => {
  test('notes what was asked and used, and changes nothing', async () => {
    const usage = { inputTokens: 7, outputTokens: 2 }
    const events: ChatEvent[] = [
      { type: 'delta', text: 'a' },
      { type: 'usage', usage },
    ]
    const prompts: TracedPrompt[] = []
    const { model, seen } = modelOf(events)
    const traced = tracedModel(model, { onPrompt: (prompt) => prompts.push(prompt) })
    expect(await collect(traced.stream(messages, { maxTokens: 9 }))).toEqual(events)
    expect(seen).toEqual([{ maxTokens: 9 }])
    expect(traced.modelId).toBe('scripted')
    expect(prompts).toEqual([
      {
        messages,
        sha256: promptHash(messages),
        maxTokens: 9,
        usage,
        firstTokenMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    ])
  })

  test('asks for the temperature that it is given', async () => {
    const { model, seen } = modelOf([])
    await collect(
      tracedModel(model, { onPrompt: () => undefined, temperature: 0.5 }).stream(messages, { maxTokens: 9 }),
    )
    expect(seen).toEqual([{ maxTokens: 9, temperature: 0.5 }])
  })

  test('notes a call that fails, too', async () => {
    const prompts: TracedPrompt[] = []
    const { model } = modelOf([], new Error('broken'))
    const traced = tracedModel(model, { onPrompt: (prompt) => prompts.push(prompt) })
    await expect(collect(traced.stream(messages, { maxTokens: 9 }))).rejects.toThrow('broken')
    expect(prompts).toMatchObject([{ firstTokenMs: null, usage: { inputTokens: 0, outputTokens: 0 } }])
  })
})

describe('promptHash', () => {
  test('is that of the messages, not of how they are written down', () => {
    const turned: ChatMessage[] = messages.map(({ role, content }) => ({ content, role }))
    expect(promptHash(turned)).toBe(promptHash(messages))
    expect(promptHash(messages.slice(1))).not.toBe(promptHash(messages))
    expect(promptHash(messages)).toMatch(/^[0-9a-f]{64}$/)
  })
})
