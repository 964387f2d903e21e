import { describe, expect, test } from 'vitest'
import { type EvidenceOutcome, fewestOfEach, fitModel, learnAnswerability } from '../../src/eval/learn-answerability.js'
import { answerability, builtInModel } from '../../src/generate/confidence.js'

/** Coverage tells the two kinds apart, above or below a half; `from` counts the ids. */
function outcomes(answerable: number, unanswerable: number, { told = true } = {}): EvidenceOutcome[] {
  return Array.from({ length: answerable + unanswerable }, (_, at) => {
    const isAnswerable = at < answerable
    const spread = ((at * 37) % 100) / 250
    const coverage = told ? (isAnswerable ? 0.55 : 0.05) + spread : spread
    const evidence = { cosine: 0.9, coverage, foreign: 0, kindOffered: 0, kindMissing: 0, nameMissing: 0 }
    return { id: `q${at}`, answerable: isAnswerable, evidence }
  })
}
const usual = { usual: builtInModel, judge: answerability }

function measured(all: readonly EvidenceOutcome[]) {
  const learned = learnAnswerability(all, usual)
  if (learned.outcome === 'few_questions') throw new Error('too few questions')
  return learned
}

describe('learnAnswerability', () => {
  test('keeps what decides better for sure on folds that were not used', () => {
    const learned = measured(outcomes(60, 40))
    expect(learned).toMatchObject({ outcome: 'kept', answerable: 60, unanswerable: 40 })
    expect(learned.usual.rightRefusals).toBeLessThan(0.1)
    expect(learned.crossValidated.rightRefusals).toBeGreaterThan(0.9)
    expect(learned.crossValidated.falseRefusals).toBeLessThan(0.15)
    expect(learned.model?.weights.coverage).toBeGreaterThan(0)
  })

  test('keeps the default where nothing tells the two kinds apart', () => {
    expect(learnAnswerability(outcomes(60, 40, { told: false }), usual)).toMatchObject({
      outcome: 'no_gain',
      model: null,
    })
  })

  test('keeps the default with too few questions of either kind', () => {
    const { answerable, unanswerable } = fewestOfEach
    for (const [some, others] of [
      [answerable, unanswerable - 1],
      [answerable - 1, unanswerable],
    ] as const) {
      expect(learnAnswerability(outcomes(some, others), usual)).toEqual({
        outcome: 'few_questions',
        model: null,
        answerable: some,
        unanswerable: others,
      })
    }
    expect(measured(outcomes(answerable, unanswerable))).toMatchObject({ answerable, unanswerable })
  })

  test('gives the same for the same questions in another order', () => {
    const all = outcomes(60, 40)
    expect(measured(all.toReversed()).crossValidated).toEqual(measured(all).crossValidated)
  })
})

describe('fitModel', () => {
  test('refuses no more than one answerable question in twenty of those it was fitted to', () => {
    const all = outcomes(60, 40)
    const model = fitModel(all, answerability)
    const refused = all.filter(({ answerable, evidence }) => answerable && answerability(evidence, model) < model.least)
    expect(refused.length).toBeLessThanOrEqual(3)
  })
})
