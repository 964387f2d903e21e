import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { selectionCondition } from '../../src/store/filter.js'

/** Reads one SQL string literal back, as a SQL parser does; null when the text is not exactly one. */
function readLiteral(sql: string): string | null {
  const inner = /^'((?:[^']|'')*)'$/su.exec(sql)?.[1]
  return inner === undefined ? null : inner.replaceAll("''", "'")
}

const selected = (mode: 'only' | 'except', documentIds: string[]) =>
  selectionCondition({ mode, documentIds, chunkCount: 0 })

describe('selectionCondition', () => {
  test('lets everything pass without a selection and nothing with an empty one', () => {
    expect(selectionCondition(null)).toBeNull()
    expect(selected('except', [])).toBeNull()
    expect(selected('only', [])).toBe('false')
  })

  test('names the documents', () => {
    expect(selected('only', ['doc_1', "d'2"])).toBe("documentId IN ('doc_1', 'd''2')")
    expect(selected('except', ['doc_1'])).toBe("NOT (documentId IN ('doc_1'))")
  })

  test('turns any string into one literal that means that string', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', '\\', ')', '-', ' ', 'a', '泵', '\u0000') }), (text) => {
        const [, list = ''] = /^documentId IN \((.*)\)$/su.exec(selected('only', [text]) ?? '') ?? []
        expect(readLiteral(list)).toBe(text)
      }),
    )
  })
})
