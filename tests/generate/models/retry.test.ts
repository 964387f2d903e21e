import { describe, expect, test } from 'vitest'
import { ModelFailure } from '../../../src/generate/models/model-failure.js'
import { retryingModel } from '../../../src/generate/models/retry.js'
import { answerOf, saying, scriptedModel } from './scripted-model.js'

const passing = (retryAfterMs: number | null = null) =>
  new ModelFailure('language_model_failed', 'overloaded', { kind: 'passing', retryAfterMs })
const lasting = new ModelFailure('language_model_failed', 'no such model', { kind: 'lasting' })

describe('retryingModel', () => {
  test('asks again after a failure that passes', async () => {
    const model = scriptedModel(saying(passing()), saying(passing()), saying('a', 'b'))
    expect(await answerOf(retryingModel(model, { retries: 2, backoffMs: 1 }))).toBe('ab')
    expect(model.asked()).toBe(3)
  })

  test('gives up after the last try, with the failure', async () => {
    const model = scriptedModel(saying(passing()))
    await expect(answerOf(retryingModel(model, { retries: 2, backoffMs: 1 }))).rejects.toMatchObject({
      message: 'overloaded',
    })
    expect(model.asked()).toBe(3)
  })

  test('does not ask again once there were words, nor after a failure that lasts', async () => {
    const broken = scriptedModel(saying('a', passing()))
    await expect(answerOf(retryingModel(broken, { retries: 2, backoffMs: 1 }))).rejects.toThrow('overloaded')
    const wrong = scriptedModel(saying(lasting))
    await expect(answerOf(retryingModel(wrong, { retries: 2, backoffMs: 1 }))).rejects.toThrow('no such model')
    expect([broken.asked(), wrong.asked()]).toEqual([1, 1])
  })

  test('waits as long as the server asks, but not for one that asks for too much', async () => {
    const model = scriptedModel(saying(passing(60)), saying('a'))
    const startedAt = performance.now()
    await answerOf(retryingModel(model, { retries: 1, backoffMs: 1 }))
    expect(performance.now() - startedAt).toBeGreaterThan(55)
    const patient = scriptedModel(saying(passing(60_000)), saying('a'))
    await expect(answerOf(retryingModel(patient, { retries: 1 }))).rejects.toThrow('overloaded')
  })

  test('stops waiting when it is stopped', async () => {
    const controller = new AbortController()
    const model = retryingModel(scriptedModel(saying(passing())), { retries: 1, backoffMs: 60_000 })
    const asking = answerOf(model, { signal: controller.signal })
    setTimeout(() => controller.abort(), 10)
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
  })
})
