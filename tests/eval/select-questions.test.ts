import { describe, expect, test } from 'vitest'
import { selectQuestions } from '../../src/eval/select-questions.js'

const questions = Array.from({ length: 200 }, (_, index) => ({ id: `q${index}` }))

describe('selectQuestions', () => {
  test('splits into two halves of about the same size that share nothing and lose nothing', () => {
    const a = selectQuestions(questions, { half: 'a' })
    const b = selectQuestions(questions, { half: 'b' })
    expect(a.length).toBeGreaterThan(70)
    expect(b.length).toBeGreaterThan(70)
    expect([...a, ...b].map(({ id }) => id).sort()).toEqual(questions.map(({ id }) => id).sort())
  })

  test('puts a question into the same half whatever stands beside it', () => {
    const [first] = selectQuestions(questions, { half: 'b' })
    expect(selectQuestions([first ?? { id: '' }], { half: 'b' })).toEqual([first])
  })

  test('takes the first of those that are left', () => {
    expect(selectQuestions(questions, { limit: 2 })).toEqual(questions.slice(0, 2))
    expect(selectQuestions(questions, {})).toEqual(questions)
  })
})
