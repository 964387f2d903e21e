import type { GoldenQuestion } from '../../src/eval/golden.js'
import type { Outcome } from '../../src/eval/golden-report.js'
import type { FoundPlace } from '../../src/eval/places.js'

export const goldenQuestion = (given: Partial<GoldenQuestion> = {}): GoldenQuestion => ({
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

export const foundPlace = (document: string, page: number | null, text = ''): FoundPlace => ({ document, page, text })

export const goldenOutcome = (given: Partial<Outcome> = {}): Outcome => ({
  question: goldenQuestion(),
  found: [foundPlace('a.pdf', 3, '流量 25 m3/h')],
  nearest: 0.7,
  refused: false,
  text: '流量为 25 m3/h [1]',
  citations: [{ ...foundPlace('a.pdf', 3, '25 m3/h'), verified: true }],
  latencyMs: 10,
  ...given,
})
