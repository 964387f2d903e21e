import type { AnswerabilityModel, AnswerEvidence } from '../core/answer.js'

/**
 * A logistic model fitted on the golden questions of the sample documents: bench/refusals.mjs fits it and checks it on
 * unused folds. `least` refuses no more than one answerable question in twenty of them.
 */
export const builtInModel: AnswerabilityModel = {
  bias: -6.93,
  weights: {
    cosine: 9.638,
    coverage: 1.698,
    foreign: -23.33,
    kindOffered: 1.068,
    kindMissing: -1.577,
    nameMissing: -2.794,
  },
  least: 0.37,
}

/** How likely the passages hold an answer, 0 to 1. */
export function answerability(evidence: AnswerEvidence, { bias, weights }: AnswerabilityModel = builtInModel): number {
  const sum =
    bias +
    weights.cosine * evidence.cosine +
    weights.coverage * evidence.coverage +
    weights.foreign * evidence.foreign +
    weights.kindOffered * evidence.kindOffered +
    weights.kindMissing * evidence.kindMissing +
    weights.nameMissing * evidence.nameMissing
  return 1 / (1 + Math.exp(-sum))
}

/** A language model reads the passages itself and refuses better than a formula: only what is hopeless is kept from it. */
const hopeless = 0.05

/** With what likelihood, at least, a language model is asked. */
export function leastForLanguageModel({ least }: AnswerabilityModel): number {
  return Math.min(hopeless, least)
}

/** A question of which so many words stand in nothing that was found is about something else altogether. */
const mostUnknownWords = 0.5

export function isOutOfScope({ unknownWords }: { unknownWords: number }): boolean {
  return unknownWords >= mostUnknownWords
}
