import { describe, expect, test } from 'vitest'
import { goldenFigures, measure, summarise } from '../../src/eval/golden-report.js'
import { foundPlace, goldenOutcome, goldenQuestion } from './questions.js'

const unanswerable = goldenQuestion({ kind: 'unanswerable', expected: [], answer: null })
const uncited = { text: null, refused: true, citations: [] }

describe('summarise', () => {
  test('counts hits, answers and both kinds of refusal mistakes', () => {
    const wrong = { ...foundPlace('b.pdf', 1), verified: false }
    const report = summarise([
      goldenOutcome(),
      goldenOutcome({
        found: [],
        text: '不知道',
        citations: [{ ...wrong, verified: true }, wrong, wrong],
        latencyMs: 30,
      }),
      goldenOutcome({ ...uncited, latencyMs: 20 }),
      goldenOutcome({ ...uncited, question: unanswerable }),
      goldenOutcome({ question: unanswerable, text: '胡说', citations: [] }),
    ])
    expect(report).toMatchObject({
      questions: 5,
      retrieval: { 'hit@1': 2 / 3, 'hit@5': 2 / 3 },
      answers: { contained: 1 / 3, verifiedQuotes: 0.5, falseRefusals: 1 / 3, rightRefusals: 0.5, falseAnswers: 0.5 },
      latencyMs: { p50: 10, p95: 30 },
    })
    expect(report.kinds.unanswerable).toMatchObject({ questions: 2, refused: 0.5 })
    expect(report.answers).toMatchObject({ citationPrecision: 0.5, citationRecall: 0.5 })
  })

  test('is zero, not NaN, over nothing', () => {
    expect(JSON.stringify(summarise([]))).not.toContain('null')
  })
})

describe('measure', () => {
  test('judges rank and recall by document, page and passage', () => {
    const found = [foundPlace('a.pdf', 1, 'no'), foundPlace('a.pdf', 3, 'no'), foundPlace('a.pdf', 3, 'it is 2 5')]
    const { ranks, values } = measure(goldenOutcome({ found }))
    expect(ranks).toEqual({ document: 1, page: 2, passage: 3 })
    expect(values).toMatchObject({ 'hit@1': 0, 'hit@5': 1, 'page.mrr@10': 1 / 2, 'passage.mrr@10': 1 / 3 })
    expect(values['page.ndcg@10']).toBeCloseTo(1 / Math.log2(3), 12)
  })

  test('leaves out what does not apply', () => {
    const refused = measure(goldenOutcome({ ...uncited, question: unanswerable }))
    expect(refused).toMatchObject({ values: { rightRefusals: 1, falseAnswers: 0 }, ranks: {}, verdict: 'right' })
    const multi = goldenQuestion({ kind: 'multi' })
    const { values, verdict } = measure(goldenOutcome({ question: multi, citations: [] }))
    expect(Object.keys(values)).not.toContain('contained')
    expect(Object.keys(values)).not.toContain('citationPrecision')
    expect(values.citationRecall).toBe(0)
    expect(verdict).toBe('answered')
  })

  test('says which answers are right, wrong and refused', () => {
    expect(measure(goldenOutcome()).verdict).toBe('right')
    expect(measure(goldenOutcome({ text: '26 m3/h' })).verdict).toBe('wrong')
    expect(measure(goldenOutcome(uncited)).verdict).toBe('refused')
    expect(measure(goldenOutcome({ question: unanswerable })).verdict).toBe('wrong')
  })
})

describe('goldenFigures', () => {
  test('names every share of the report once', () => {
    const figures = goldenFigures(summarise([goldenOutcome()]))
    expect(figures).toMatchObject({ 'hit@5': 1, contained: 1, 'page.recall@10': 1, 'single.hit@1': 1, falseAnswers: 0 })
  })
})
