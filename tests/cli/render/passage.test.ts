import { describe, expect, test } from 'vitest'
import { placeOf, signalsText, snippet } from '../../../src/cli/render/passage.js'

describe('placeOf', () => {
  test('leaves out the page where a format has none', () => {
    expect(placeOf({ title: 'a.md', page: null, headingPath: ['Care'] })).toBe('a.md › Care')
    expect(placeOf({ title: 'a.pdf', page: 3, headingPath: [] })).toBe('a.pdf, p. 3')
  })

  test('names a title once that is the outermost heading, too', () => {
    expect(placeOf({ title: 'Manual', page: 3, headingPath: ['Manual', 'Care'] })).toBe('Manual, p. 3 › Care')
  })
})

describe('snippet', () => {
  test('is one line and never cuts a character in two', () => {
    expect(snippet(' a\n\n b ')).toBe('a b')
    expect(snippet('𠮷𠮷𠮷', 2)).toBe('𠮷𠮷…')
  })
})

describe('signalsText', () => {
  test('marks a list that did not find the passage', () => {
    expect(signalsText({ fused: 0.5, dense: null, lexical: 12.345, rerank: null })).toBe(
      'fused 0.50 · dense – · lexical 12.35',
    )
    expect(signalsText({ fused: 0.5, dense: 0.1, lexical: 1, rerank: 0.987 })).toMatch(/^rerank 0\.99 · fused 0\.50/)
  })
})
