import { describe, expect, test } from 'vitest'
import { queuedModel } from '../../../src/generate/models/queue.js'
import { until } from '../../support/until.js'
import { answerOf, delta, hanging, type Script, saying, scriptedModel } from './scripted-model.js'

/** Speaks when it is let. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const script: Script = async function* () {
    await opened
    yield delta('gate')
  }
  return { script, open: () => open() }
}

describe('queuedModel', () => {
  test('lets a few write at a time and the others wait in order', async () => {
    const first = gate()
    const model = scriptedModel(first.script, saying('second'), saying('third'))
    const queued = queuedModel(model, { concurrency: 1, length: 2, waitMs: 10_000 })
    const answers = [answerOf(queued), answerOf(queued), answerOf(queued)]
    await until(() => model.asked() === 1)
    first.open()
    expect(await Promise.all(answers)).toEqual(['gate', 'second', 'third'])
  })

  test('refuses at once when too many wait', async () => {
    const first = gate()
    const queued = queuedModel(scriptedModel(first.script), { concurrency: 1, length: 1, waitMs: 10_000 })
    const answers = [answerOf(queued), answerOf(queued)]
    await expect(answerOf(queued)).rejects.toMatchObject({
      code: 'language_model_busy',
      message: expect.stringContaining('1 answers are being written and 1 questions wait'),
    })
    first.open()
    await Promise.all(answers)
  })

  test('refuses after a long wait, and gives the place to the next one all the same', async () => {
    const first = gate()
    const queued = queuedModel(scriptedModel(first.script, saying('next')), { concurrency: 1, length: 1, waitMs: 30 })
    const answer = answerOf(queued)
    await expect(answerOf(queued)).rejects.toMatchObject({ code: 'language_model_busy' })
    first.open()
    expect([await answer, await answerOf(queued)]).toEqual(['gate', 'next'])
  })

  test('lets who waits go when it is stopped', async () => {
    const first = gate()
    const model = scriptedModel(first.script, saying('next'))
    const queued = queuedModel(model, { concurrency: 1, length: 1, waitMs: 10_000 })
    const controller = new AbortController()
    const answer = answerOf(queued)
    const waiting = answerOf(queued, { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    first.open()
    expect([await answer, await answerOf(queued), model.asked()]).toEqual(['gate', 'next', 2])
  })

  test('gives the place back when an answer breaks or its reader leaves', async () => {
    const broken = saying(new Error('broken'))
    const queued = queuedModel(scriptedModel(broken, hanging('a'), saying('b')), {
      concurrency: 1,
      length: 0,
      waitMs: 10,
    })
    await expect(answerOf(queued)).rejects.toThrow('broken')
    for await (const _ of queued.stream([], { maxTokens: 1 })) break
    expect(await answerOf(queued)).toBe('b')
  })
})
