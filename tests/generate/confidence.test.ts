import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnswerEvidence } from '../../src/core/answer.js'
import { answerability, builtInModel, isOutOfScope, leastForLanguageModel } from '../../src/generate/confidence.js'

const base: AnswerEvidence = {
  cosine: 0.6,
  coverage: 0.5,
  foreign: 0.01,
  kindOffered: 0,
  kindMissing: 0,
  nameMissing: 0,
}
const speaksFor = ['cosine', 'coverage', 'kindOffered'] as const
const speaksAgainst = ['foreign', 'kindMissing', 'nameMissing'] as const

describe('answerability', () => {
  test('stays between 0 and 1, rises with what speaks for an answer and falls with what speaks against it', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const evidence = fc.record({
      cosine: share,
      coverage: share,
      foreign: share,
      kindOffered: share,
      kindMissing: share,
      nameMissing: share,
    })
    fc.assert(
      fc.property(evidence, share, (given, more) => {
        const before = answerability(given)
        expect(before).toBeGreaterThanOrEqual(0)
        expect(before).toBeLessThanOrEqual(1)
        for (const name of speaksFor) {
          expect(answerability({ ...given, [name]: given[name] + more })).toBeGreaterThanOrEqual(before)
        }
        for (const name of speaksAgainst) {
          expect(answerability({ ...given, [name]: given[name] + more })).toBeLessThanOrEqual(before)
        }
      }),
    )
  })

  test('takes a model that a knowledge base has learned', () => {
    const model = { ...builtInModel, bias: builtInModel.bias + 1 }
    expect(answerability(base, model)).toBeGreaterThan(answerability(base))
  })
})

describe('leastForLanguageModel', () => {
  test('keeps only what is hopeless from a language model, and never what would be quoted without one', () => {
    expect(leastForLanguageModel(builtInModel)).toBeLessThan(builtInModel.least)
    expect(leastForLanguageModel({ ...builtInModel, least: 0.01 })).toBe(0.01)
  })
})

describe('isOutOfScope', () => {
  test('is so when half of the words stand in nothing that was found', () => {
    expect(isOutOfScope({ unknownWords: 0.5 })).toBe(true)
    expect(isOutOfScope({ unknownWords: 0.4 })).toBe(false)
  })
})
