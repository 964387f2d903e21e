import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../src/core/errors.js'
import { meteredModel, tokensOf } from '../../src/generate/meter.js'
import { delta, type Script, saying, scriptedModel } from './models/scripted-model.js'

const counting = (inputTokens: number, outputTokens: number): Script =>
  async function* () {
    yield delta('ok')
    yield { type: 'usage', usage: { inputTokens, outputTokens } }
  }
const messages = [{ role: 'user' as const, content: '每八小时一次' }]

async function drain(model: ReturnType<typeof meteredModel>, { words = Number.POSITIVE_INFINITY } = {}) {
  let read = 0
  for await (const _ of model.stream(messages, { maxTokens: 9 })) if (++read >= words) break
}

describe('meteredModel', () => {
  test('adds up what its server counts', async () => {
    const model = meteredModel(scriptedModel(counting(10, 2), counting(20, 3)))
    expect(model.spent()).toEqual({ inputTokens: 0, outputTokens: 0 })
    await drain(model)
    await drain(model)
    expect(model.spent()).toEqual({ inputTokens: 30, outputTokens: 5 })
    expect(model.modelId).toBe('scripted')
  })

  test('estimates what nobody counts, also when the reader leaves early', async () => {
    const model = meteredModel(scriptedModel(saying('一二', '三四')))
    await drain(model)
    expect(model.spent()).toEqual({ inputTokens: 6, outputTokens: 4 })
    await drain(model, { words: 1 })
    expect(model.spent()).toEqual({ inputTokens: 12, outputTokens: 6 })
  })

  test('counts nothing for a model that failed before its first word', async () => {
    const model = meteredModel(scriptedModel(saying(new InkstoneError('language_model_unreachable', 'off'))))
    await expect(drain(model)).rejects.toMatchObject({ code: 'language_model_unreachable' })
    expect(model.spent()).toEqual({ inputTokens: 0, outputTokens: 0 })
  })
})

describe('tokensOf', () => {
  test('adds up all messages', () => {
    expect(tokensOf([...messages, { role: 'user', content: 'abc' }])).toBe(7)
  })
})
