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

describe('learnAnswerability', () => {
  test('keeps what decides better for sure on folds that were not used', () => {
    const learned = learnAnswerability(outcomes(60, 40), usual)
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
    const few = learnAnswerability(outcomes(fewestOfEach.answerable, fewestOfEach.unanswerable - 1), usual)
    expect(few).toMatchObject({ outcome: 'few_questions', model: null })
  })

  test('gives the same for the same questions in another order', () => {
    const all = outcomes(60, 40)
    const turned = learnAnswerability(all.toReversed(), usual)
    expect(turned.crossValidated).toEqual(learnAnswerability(all, usual).crossValidated)
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
