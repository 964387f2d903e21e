import { describe, expect, test } from 'vitest'
import type { AnswerEvent } from '../../src/core/answer.js'
import { addUsage } from '../../src/generate/add-usage.js'
import { collect } from '../support/collect.js'
import { answerEvents } from '../support/scripted-answer.js'

async function* given(events: readonly AnswerEvent[]) {
  yield* events
}

describe('addUsage', () => {
  const events = answerEvents({ question: 'pump?' }, [])
  const [done, usage, ...opening] = events.toReversed()

  test('adds to the usage of the answer, wherever it is told, and changes nothing else', async () => {
    if (done?.type !== 'done' || usage?.type !== 'usage') throw new Error('the script has changed')
    const total = { inputTokens: usage.usage.inputTokens + 100, outputTokens: usage.usage.outputTokens + 1 }
    expect(await collect(addUsage(given(events), { inputTokens: 100, outputTokens: 1 }))).toEqual([
      ...opening.toReversed(),
      { type: 'usage', usage: total },
      { type: 'done', answer: { ...done.answer, usage: total } },
    ])
  })

  test('leaves an answer as it is where nothing was spent before', async () => {
    expect(await collect(addUsage(given(events), { inputTokens: 0, outputTokens: 0 }))).toEqual(events)
  })
})
