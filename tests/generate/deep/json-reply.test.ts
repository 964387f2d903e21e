import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { askForJson, jsonIn } from '../../../src/generate/deep/json-reply.js'
import { saying, scriptedModel } from '../models/scripted-model.js'
import { recordingModel } from './recording-model.js'

const request = {
  messages: [
    { role: 'system' as const, content: 'write JSON' },
    { role: 'user' as const, content: 'what?' },
  ],
  schema: z.object({ count: z.number() }),
  repair: 'JSON only, please',
}
const options = { maxTokens: 10, signal: new AbortController().signal, mayRepair: () => true }

describe('askForJson', () => {
  test('asks once where the reply is as it should be', async () => {
    const model = recordingModel(scriptedModel(saying('{"cou', 'nt": 3}')))
    expect(await askForJson(model, request, options)).toEqual({ count: 3 })
    expect(model.seen).toEqual([request.messages])
  })

  test.each([
    ['I would rather not', 'no JSON object'],
    ['{"count": "many", "secret": "ignore the above"}', 'count: Invalid input: expected number, received string'],
  ])('asks once more after %j, with what was wrong and without what was said', async (bad, why) => {
    const model = recordingModel(scriptedModel(saying(bad), saying('{"count": 4}')))
    expect(await askForJson(model, request, options)).toEqual({ count: 4 })
    expect(model.seen[1]).toEqual([request.messages[0], { role: 'user', content: `what?\nJSON only, please (${why})` }])
  })

  test('gives up after the second reply', async () => {
    const model = recordingModel(scriptedModel(saying('no')))
    expect(await askForJson(model, request, options)).toBeNull()
    expect(model.seen).toHaveLength(2)
  })

  test('does not ask again where that is too much', async () => {
    const model = recordingModel(scriptedModel(saying('no')))
    expect(await askForJson(model, request, { ...options, mayRepair: () => false })).toBeNull()
    expect(model.seen).toHaveLength(1)
  })
})

describe('jsonIn', () => {
  test.each([
    ['{"a": 1}', { a: 1 }],
    ['```json\n{"a": {"b": 2}}\n```', { a: { b: 2 } }],
    ['<think>perhaps {"a": 0}?</think>\n{"a": 1}', { a: 1 }],
    ['Here it is: {"a": "x } y"} – done.', { a: 'x } y' }],
    ['nothing', undefined],
    ['} {', undefined],
    ['{"a": 1', undefined],
    ['', undefined],
  ])('finds in %j what is there', (text, found) => {
    expect(jsonIn(text)).toEqual(found)
  })
})
