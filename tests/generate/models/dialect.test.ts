import { describe, expect, test } from 'vitest'
import { commonDialect, dialectAfter, fieldsIn } from '../../../src/generate/models/dialect.js'

describe('dialectAfter', () => {
  test.each([
    [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      { lengthField: 'max_completion_tokens' },
    ],
    ["Unsupported value: 'temperature' does not support 0 with this model.", { temperature: false }],
    ['Unrecognized request argument supplied: stream_options', { streamOptions: false }],
    ['{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}', { streamOptions: false }],
  ])('learns from %j', (reason, change) => {
    expect(dialectAfter(commonDialect, reason)).toEqual({ ...commonDialect, ...change })
  })

  test('learns nothing from other refusals, nor the same twice', () => {
    expect(dialectAfter(commonDialect, "This model's maximum context length is 2048 tokens.")).toBeNull()
    expect(dialectAfter(commonDialect, "'max_tokens' or 'max_completion_tokens' is too large: 99999")).toBeNull()
    const without = { ...commonDialect, temperature: false }
    expect(dialectAfter(without, 'temperature is not supported')).toBeNull()
  })
})

describe('fieldsIn', () => {
  test('leaves out what a server does not take', () => {
    const asked = { maxTokens: 9, temperature: 0 }
    expect(fieldsIn(commonDialect, asked)).toEqual({
      max_tokens: 9,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    })
    const bare = { lengthField: 'max_completion_tokens', temperature: false, streamOptions: false } as const
    expect(fieldsIn(bare, asked)).toEqual({ max_completion_tokens: 9, stream: true })
  })
})
