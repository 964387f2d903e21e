import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutText } from '../../../src/ingest/chunk/cut-text.js'

describe('cutText', () => {
  test('cuts at sentences rather than clauses, and at clauses rather than anywhere', () => {
    const pieces = (text: string, length: number) =>
      cutText(text, length).map(({ start, end }) => text.slice(start, end))
    expect(pieces('一二三四。五六，七八九十', 8)).toEqual(['一二三四。', '五六，七八九十'])
    expect(pieces('一二三四五，六七八九十', 8)).toEqual(['一二三四五，', '六七八九十'])
    expect(pieces('一二三四五六七八九十', 4)).toEqual(['一二三四', '五六七八', '九十'])
  })

  test('covers the text and never cuts a surrogate pair', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (source, limit) => {
        const pieces = cutText(source, limit).map(({ start, end }) => source.slice(start, end))
        expect(pieces.join('')).toBe(source)
        expect(pieces.every((piece) => piece.length <= limit && !/[\uD800-\uDBFF]$/.test(piece))).toBe(true)
      }),
    )
  })
})
