import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { guardedModel } from '../../../src/generate/models/guarded.js'
import { ModelFailure } from '../../../src/generate/models/model-failure.js'
import { answerOf, hanging, saying, scriptedModel } from './scripted-model.js'

const options = {
  queue: { concurrency: 1, length: 1, waitMs: 1_000 },
  breaker: { failures: 1, pauseMs: 10_000 },
  retry: { retries: 1, backoffMs: 1 },
  totalMs: 10_000,
}
const passing = new ModelFailure('language_model_failed', 'overloaded', { kind: 'passing' })

describe('guardedModel', () => {
  test('counts an answer as failed only after its last try', async () => {
    const guarded = guardedModel(scriptedModel(saying(passing), saying('a')), options)
    expect(await answerOf(guarded)).toBe('a')
    expect(guarded.modelId).toBe('scripted')
  })

  test('ends an answer that takes too long, and leaves the model alone for it', async () => {
    const guarded = guardedModel(scriptedModel(hanging('a')), { ...options, totalMs: 30 })
    await expect(answerOf(guarded)).rejects.toMatchObject({
      code: 'language_model_failed',
      remedy: expect.stringContaining('INKSTONE_LLM_TOTAL_TIMEOUT_MS'),
    })
    await expect(answerOf(guarded)).rejects.toMatchObject({ code: 'language_model_paused' })
  })

  test('does not hold it against the model when nobody takes its words', async () => {
    const guarded = guardedModel(scriptedModel(hanging('a'), saying('b')), { ...options, totalMs: 60 })
    const reading = async () => {
      for await (const _ of guarded.stream([], { maxTokens: 1 })) await sleep(90)
    }
    await expect(reading()).rejects.toMatchObject({ kind: 'request', message: 'the answer was not taken within 60 ms' })
    expect(await answerOf(guarded)).toBe('b')
  })

  test('closes what is behind it', async () => {
    const closed: string[] = []
    const close = async () => void closed.push('model')
    await guardedModel({ ...scriptedModel(saying('a')), close }, options).close?.()
    expect(closed).toEqual(['model'])
  })
})
