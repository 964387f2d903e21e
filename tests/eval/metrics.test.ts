import { describe, expect, test } from 'vitest'
import type { GoldenQuestion } from '../../src/eval/golden.js'
import { contains, isHit, type Outcome, percentile, summarise } from '../../src/eval/metrics.js'

const question = (given: Partial<GoldenQuestion> = {}): GoldenQuestion => ({
  id: 'q1',
  kind: 'single',
  language: 'zh',
  question: '流量多少？',
  history: [],
  expected: [{ document: 'a.pdf', page: 3, quote: '25' }],
  alternatives: [],
  answer: '25 m3/h',
  ...given,
})

const outcome = (given: Partial<Outcome> = {}): Outcome => ({
  question: question(),
  found: [{ document: 'a.pdf', page: 3 }],
  refused: false,
  text: '流量为 25 m3/h [1]',
  citations: { total: 1, verified: 1 },
  latencyMs: 10,
  ...given,
})

describe('isHit', () => {
  const found = [
    { document: 'a.pdf', page: 2 },
    { document: 'a.pdf', page: 3 },
    { document: 'b.md', page: null },
  ]

  test('needs the document and the page', () => {
    expect(isHit(question(), found, 1)).toBe(false)
    expect(isHit(question(), found, 2)).toBe(true)
  })

  test('needs every expected place, or one alternative', () => {
    const both = [...question().expected, { document: 'c.md', page: null, quote: 'x' }]
    expect(isHit(question({ expected: both }), found, 3)).toBe(false)
    expect(
      isHit(question({ expected: both, alternatives: [{ document: 'b.md', page: null, quote: 'x' }] }), found, 3),
    ).toBe(true)
  })

  test('never counts a question that expects nothing', () => {
    expect(isHit(question({ expected: [] }), found, 3)).toBe(false)
  })
})

describe('contains', () => {
  test('does not mind white space, case and width', () => {
    expect(contains('流量为 ２５ M3/h', '25m3/H')).toBe(true)
    expect(contains('流量为 26 m3/h', '25 m3/h')).toBe(false)
  })
})

describe('summarise', () => {
  const unanswerable = question({ kind: 'unanswerable', expected: [], answer: null })

  test('counts hits, answers and both kinds of refusal mistakes', () => {
    const report = summarise([
      outcome(),
      outcome({ found: [], text: '不知道', citations: { total: 3, verified: 1 }, latencyMs: 30 }),
      outcome({ refused: true, text: null, citations: { total: 0, verified: 0 }, latencyMs: 20 }),
      outcome({ question: unanswerable, refused: true, text: null, citations: { total: 0, verified: 0 } }),
      outcome({ question: unanswerable, text: '胡说', citations: { total: 0, verified: 0 } }),
    ])
    expect(report).toMatchObject({
      questions: 5,
      retrieval: { 'hit@1': 2 / 3, 'hit@5': 2 / 3 },
      answers: { contained: 1 / 3, verifiedQuotes: 0.5, falseRefusals: 1 / 3, rightRefusals: 0.5, falseAnswers: 0.5 },
      latencyMs: { p50: 10, p95: 30 },
    })
    expect(report.kinds.unanswerable).toMatchObject({ questions: 2, refused: 0.5 })
  })

  test('is zero, not NaN, over nothing', () => {
    expect(JSON.stringify(summarise([]))).not.toContain('null')
  })
})

describe('percentile', () => {
  test('is the nearest rank', () => {
    const values = [4, 1, 3, 2]
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)]).toEqual([2, 4, 0])
  })
})
