import { describe, expect, test } from 'vitest'
import { compareRuns } from '../../src/eval/compare.js'
import type { MeasuredQuestion } from '../../src/eval/measured.js'

const measured = (id: string, value: number, given: Partial<MeasuredQuestion> = {}): MeasuredQuestion => ({
  id,
  question: `text of ${id}`,
  kind: 'single',
  values: { ndcg: value },
  ranks: { page: value === 0 ? null : Math.round(1 / value) },
  ms: {},
  nearest: null,
  said: null,
  verdict: value === 0 ? 'wrong' : 'right',
  ...given,
})

const names = { compared: ['ndcg', 'none'], deciding: ['ndcg'] }

describe('compareRuns', () => {
  test('lists what got worse and better, from rank to rank, the worst first', () => {
    const before = { questions: [measured('a', 1), measured('b', 0.5), measured('c', 0), measured('d', 1)] }
    const after = { questions: [measured('d', 1), measured('c', 1), measured('b', 0.25), measured('a', 0)] }
    const { questions } = compareRuns(before, after, names)
    expect(questions).toEqual([
      {
        id: 'a',
        question: 'text of a',
        change: 'worse',
        gain: -1,
        ranks: { page: { before: 1, after: null } },
        verdict: { before: 'right', after: 'wrong' },
      },
      {
        id: 'b',
        question: 'text of b',
        change: 'worse',
        gain: -0.25,
        ranks: { page: { before: 2, after: 4 } },
        verdict: null,
      },
      {
        id: 'c',
        question: 'text of c',
        change: 'better',
        gain: 1,
        ranks: { page: { before: null, after: 1 } },
        verdict: { before: 'wrong', after: 'right' },
      },
    ])
  })

  test('tests each metric that both runs have, over the questions it applies to', () => {
    const before = { questions: [measured('a', 1), measured('b', 0.5), measured('c', 0, { values: {} })] }
    const after = { questions: [measured('a', 1), measured('b', 1), measured('c', 1)] }
    const { metrics } = compareRuns(before, after, names)
    expect(metrics).toMatchObject([{ metric: 'ndcg', questions: 2, before: 0.75, after: 1, difference: 0.25 }])
  })
})
