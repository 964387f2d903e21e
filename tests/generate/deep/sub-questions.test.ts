import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freshSubQuestions, isSameQuestion } from '../../../src/generate/deep/sub-questions.js'

describe('freshSubQuestions', () => {
  test('leaves out what was looked into, what comes twice and what asks nothing', () => {
    const texts = ['哪台泵在三号线？', '哪台泵在三号线', '  ', '？', 'Which oil\n does it take?', 'new one']
    expect(freshSubQuestions(texts, { known: ['WHICH OIL does it take'], most: 5 })).toEqual([
      '哪台泵在三号线？',
      'new one',
    ])
  })

  test('puts each on one line and keeps the first ones', () => {
    expect(freshSubQuestions(['a\nb', 'c', 'd'], { known: [], most: 2 })).toEqual(['a b', 'c'])
  })

  test('never brings one that is known, never two alike, never too many', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'B', ' ', '?', '泵', '１', '\n') }), { maxLength: 8 })
    fc.assert(
      fc.property(texts, texts, fc.nat(4), (asked, known, most) => {
        const fresh = freshSubQuestions(asked, { known, most })
        expect(fresh.length).toBeLessThanOrEqual(most)
        for (const [index, text] of fresh.entries()) {
          expect(text).toMatch(/^\S.*$/)
          expect(known.some((other) => isSameQuestion(text, other))).toBe(false)
          expect(fresh.slice(index + 1).some((other) => isSameQuestion(text, other))).toBe(false)
        }
      }),
    )
  })
})

describe('isSameQuestion', () => {
  test('looks past spaces, punctuation, case and width, and past nothing else', () => {
    expect(isSameQuestion('HCZ65 用什么油？', 'ｈｃｚ65用什么油')).toBe(true)
    expect(isSameQuestion('HCZ65 用什么油？', 'HCZ80 用什么油？')).toBe(false)
  })
})
