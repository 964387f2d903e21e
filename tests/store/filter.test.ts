import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allOf, selectionCondition, wordsCondition } from '../../src/store/filter.js'

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

describe('wordsCondition', () => {
  const none = { phrases: [], excluded: [], titles: [] }

  test('lets everything pass without words', () => {
    expect(wordsCondition(undefined)).toBeNull()
    expect(wordsCondition(none)).toBeNull()
  })

  test('asks for all of them, and looks for titles in title and headings alone', () => {
    const condition = wordsCondition({ phrases: ['泵'], excluded: ['电'], titles: ['册'] }) ?? ''
    const [title = '', phrase = '', excluded = ''] = condition.split(' AND ')
    expect(title).toContain("headingPath, chr(31))), '")
    expect(title).not.toContain('text')
    expect(phrase).toContain("text), '\\u{6cf5}', 'i')")
    expect(excluded).toMatch(/^\(NOT regexp_like\(.*\)\)$/)
  })

  test('lets no text mean anything but itself: only numbers of characters differ between any two', () => {
    const skeleton = (text: string) => {
      const condition = wordsCondition({ ...none, phrases: [text], excluded: [text], titles: [text] }) ?? ''
      return condition.replace(/'[^']*'(?=, 'i'\))/g, "'…'")
    }
    const pattern =
      /^(?:\(\?:\^\||\(\?:|\|\$\)|\||\[\^?|\]|\)|--|\\p\{(?:L|M|N|sc=\w+)\}|ー|\\s[*+]|\\u\{[0-9a-f]+\})*$/
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({
            unit: fc.constantFrom("'", '"', '\\', ')', ']', '-', ' ', 'a', '泵', '\u0000', '\ud800', ' OR true'),
          }),
        ),
        (text) => {
          expect(skeleton(text)).toBe(skeleton('泵'))
          for (const [, literal = ''] of (wordsCondition({ ...none, phrases: [text] }) ?? '').matchAll(
            /'([^']*)', 'i'/g,
          ))
            expect(literal).toMatch(pattern)
        },
      ),
    )
  })
})

describe('allOf', () => {
  test('leaves out what always holds', () => {
    expect(allOf([])).toBeNull()
    expect(allOf([null])).toBeNull()
    expect(allOf([null, 'a OR b'])).toBe('a OR b')
    expect(allOf(['a OR b', null, 'c'])).toBe('(a OR b) AND (c)')
  })
})
