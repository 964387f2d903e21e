import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Citation } from '../../src/core/answer.js'
import { citedPassage, markQuotes } from '../../web/passage.js'

const page = { page: 2, span: { start: 100, end: 120 }, text: '启动前检查油位。然后打开进口阀，最后启动。' }

function quoted(text: string, start: number) {
  const parts = markQuotes(page, [{ text, span: { start, end: start + text.length } }])
  return parts.filter((part) => part.quoted).map((part) => part.text)
}

describe('markQuotes', () => {
  test('marks a quote at its place in the document', () => {
    expect(markQuotes(page, [{ text: '检查油位', span: { start: 103, end: 107 } }])).toEqual([
      { text: '启动前', quoted: false },
      { text: '检查油位', quoted: true },
      { text: '。然后打开进口阀，最后启动。', quoted: false },
    ])
  })

  test('takes the place that was cited when the same words stand there twice', () => {
    expect(markQuotes(page, [{ text: '启动', span: { start: 118, end: 120 } }])[0]?.text).toBe(
      '启动前检查油位。然后打开进口阀，最后',
    )
  })

  test('finds a quote that has moved since', () => {
    expect(quoted('打开进口阀', 103)).toEqual(['打开进口阀'])
  })

  test('marks nothing when the words are gone', () => {
    expect(quoted('检查水位', 103)).toEqual([])
  })

  test('shows as much of a quote as is on the page', () => {
    expect(quoted('首页末尾。启动前', 95)).toEqual(['启动前'])
  })

  test('loses and doubles no text, whatever is quoted', () => {
    const span = fc.tuple(fc.integer({ min: 90, max: 130 }), fc.integer({ min: 0, max: 20 }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
        const quotes = spans.map(([start, length]) => ({
          span: { start, end: start + length },
          text: page.text.slice(Math.max(0, start - 100), Math.max(0, start - 100 + length)),
        }))
        const parts = markQuotes(page, quotes)
        expect(parts.map((part) => part.text).join('')).toBe(page.text)
      }),
    )
  })
})

describe('citedPassage', () => {
  const citation = (marker: number, start: number, verified: boolean): Citation => ({
    marker,
    documentId: 'doc_1',
    documentTitle: '维护手册',
    chunkId: 'chk_1',
    page: 2,
    headingPath: [],
    quote: 'abc',
    sourceSpan: { start, end: start + 3 },
    answerSpan: { start: 0, end: 1 },
    verified,
  })

  const cited = (occurrence: number, ...citations: Citation[]) => {
    const passage = citedPassage(citations, { number: 1, occurrence })
    return { starts: passage?.quotes.map((quote) => quote.span.start), verified: passage?.verified }
  }

  test('shows the quote of each occurrence, verified or not', () => {
    const citations = [citation(1, 100, true), citation(2, 110, true), citation(1, 115, false)]
    expect(cited(0, ...citations)).toEqual({ starts: [100], verified: true })
    expect(cited(1, ...citations)).toEqual({ starts: [115], verified: false })
  })

  test('takes the worst citation for an occurrence that has none of its own', () => {
    expect(cited(2, citation(1, 100, true), citation(1, 115, false))).toEqual({ starts: [115], verified: false })
    expect(cited(1, citation(1, 100, true))).toEqual({ starts: [100], verified: true })
  })

  test('is null for a marker without a citation', () => {
    expect(citedPassage([citation(1, 100, true)], { number: 2, occurrence: 0 })).toBeNull()
  })
})
