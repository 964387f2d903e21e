import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentText } from '../../src/ingest/document-text.js'
import { cutText, splitUnits } from '../../src/ingest/units.js'
import { block, someBlocks } from './fixtures/blocks.js'

describe('splitUnits', () => {
  test('yields sentences, rows and whole headings', () => {
    const document = documentText([
      block('Safety. First', { kind: 'heading', level: 1 }),
      block('Stop. Wait.'),
      block('a | b\n1 | 2', { kind: 'table' }),
    ])
    const texts = splitUnits(document).map(({ span }) => document.text.slice(span.start, span.end))
    expect(texts).toEqual(['Safety. First', 'Stop.', 'Wait.', 'a | b', '1 | 2'])
  })

  test('covers every visible character once, in order', () => {
    fc.assert(
      fc.property(someBlocks, (blocks) => {
        const document = documentText(blocks)
        const covered = splitUnits(document).map(({ span }) => document.text.slice(span.start, span.end))
        expect(covered.join('').replace(/\s/g, '')).toBe(document.text.replace(/\s/g, ''))
      }),
    )
  })
})

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
