import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimateTokens } from '../../src/embed/token-estimate.js'

describe('estimateTokens', () => {
  const overhead = estimateTokens('')

  test.each([
    ['泵', 1],
    ['离心泵，', 4],
    ['pump', 2],
    ['pumps', 3],
    ['the pump', 4],
    ['50', 2],
    ['DN200', 5],
    ['naïve', 3],
    ['насос', 10],
    ['🙂', 4],
    ['\n\n', 2],
  ])('counts %j as %i and the special tokens', (text, tokens) => {
    expect(estimateTokens(text) - overhead).toBe(tokens)
  })

  test('counts a run without word form by its bytes', () => {
    const hash = '15b717c382bcb518ba457b93ea6850ed'
    expect(estimateTokens(hash) - overhead).toBe(hash.length)
    expect(estimateTokens('a'.repeat(40)) - overhead).toBe(40)
  })

  test('never grows beyond the bytes, and never shrinks when text is added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(estimateTokens(a)).toBeLessThanOrEqual(Buffer.byteLength(a) + overhead)
        expect(estimateTokens(`${a} ${b}`)).toBeGreaterThanOrEqual(estimateTokens(a))
      }),
    )
  })
})
