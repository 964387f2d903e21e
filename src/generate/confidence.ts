import type { AnswerabilityModel, AnswerEvidence } from '../core/answer.js'

/**
 * A logistic model fitted on the golden questions of the sample documents: bench/refusals.mjs fits it and checks it on
 * unused folds. `least` refuses no more than one answerable question in twenty of them.
 */
export const builtInModel: AnswerabilityModel = {
  bias: -6.78,
  weights: {
    cosine: 9.444,
    coverage: 1.73,
    foreign: -25.2,
    kindOffered: 1.125,
    kindMissing: -1.915,
    nameMissing: -3.219,
  },
  least: 0.404,
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
