import { describe, expect, test } from 'vitest'
import { breakingModel } from '../../../src/generate/models/breaker.js'
import { ModelFailure } from '../../../src/generate/models/model-failure.js'
import { answerOf, hanging, type Script, saying, scriptedModel } from './scripted-model.js'

const down = saying(new ModelFailure('language_model_unreachable', 'it is off', { kind: 'lasting' }))
const refused = saying(new ModelFailure('language_model_failed', 'too long', { kind: 'request' }))

function modelWith(...scripts: Script[]) {
  const clock = { ms: 0 }
  const model = scriptedModel(...scripts)
  return { clock, model, guarded: breakingModel(model, { failures: 2, pauseMs: 1_000, now: () => clock.ms }) }
}

async function fail(model: Parameters<typeof answerOf>[0], times: number): Promise<void> {
  for (let i = 0; i < times; i++) await expect(answerOf(model)).rejects.toThrow()
}

describe('breakingModel', () => {
  test('leaves a model alone that failed several times in a row, and says why and for how long', async () => {
    const { guarded, model } = modelWith(down)
    await fail(guarded, 2)
    await expect(answerOf(guarded)).rejects.toMatchObject({
      code: 'language_model_paused',
      message: 'the language model failed 2 times in a row and is tried again in 1 s; last: it is off',
    })
    expect(model.asked()).toBe(2)
  })

  test('counts only failures in a row, and none that are the fault of the question', async () => {
    const { guarded } = modelWith(down, saying('a'), down, refused, refused, saying('b'))
    await fail(guarded, 1)
    await answerOf(guarded)
    await fail(guarded, 3)
    expect(await answerOf(guarded)).toBe('b')
  })

  test('lets one question try after the pause, and the others when that one has words', async () => {
    const { guarded, clock } = modelWith(down, down, hanging('a'), saying('b'))
    await fail(guarded, 2)
    clock.ms = 1_001
    const controller = new AbortController()
    const trial = guarded.stream([], { maxTokens: 1, signal: controller.signal })[Symbol.asyncIterator]()
    const firstWord = trial.next()
    await expect(answerOf(guarded)).rejects.toThrow('being tried again')
    await firstWord
    expect(await answerOf(guarded)).toBe('b')
    controller.abort(new Error('stop'))
    await expect(trial.next()).rejects.toThrow('stop')
  })

  test('leaves it alone again when the trial fails, and lets another one try when the trial was stopped', async () => {
    const { guarded, clock, model } = modelWith(down, down, down, hanging('a'), saying('b'))
    await fail(guarded, 2)
    clock.ms = 1_001
    await fail(guarded, 1)
    await expect(answerOf(guarded)).rejects.toMatchObject({ code: 'language_model_paused' })
    clock.ms = 2_002
    for await (const _ of guarded.stream([], { maxTokens: 1 })) break
    expect(await answerOf(guarded)).toBe('b')
    expect(model.asked()).toBe(5)
  })
})
