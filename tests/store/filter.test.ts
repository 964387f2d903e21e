import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterCondition } from '../../src/store/filter.js'

/** Reads one SQL string literal back, as a SQL parser does; null when the text is not exactly one. */
function readLiteral(sql: string): string | null {
  const inner = /^'((?:[^']|'')*)'$/su.exec(sql)?.[1]
  return inner === undefined ? null : inner.replaceAll("''", "'")
}

describe('filterCondition', () => {
  test('lets everything pass without a filter and nothing with an empty list', () => {
    expect(filterCondition({})).toBeNull()
    expect(filterCondition({ documentIds: [] })).toBe('false')
  })

  test('names the documents', () => {
    expect(filterCondition({ documentIds: ['doc_1', "d'2"] })).toBe("documentId IN ('doc_1', 'd''2')")
  })

  test('turns any string into one literal that means that string', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', '\\', ')', '-', ' ', 'a', '泵', '\u0000') }), (text) => {
        const [, list = ''] = /^documentId IN \((.*)\)$/su.exec(filterCondition({ documentIds: [text] }) ?? '') ?? []
        expect(readLiteral(list)).toBe(text)
      }),
    )
  })
})
