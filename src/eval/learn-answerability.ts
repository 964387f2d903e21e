import { createHash } from 'node:crypto'
import type { AnswerabilityModel, AnswerEvidence } from '../core/answer.js'
import type { LearnedAnswerability, RefusalRates } from '../core/tuning.js'
import { fitLogistic } from './logistic.js'
import { mean, pairedBootstrap } from './statistics.js'

/** How a golden question looked when it was asked. */
export interface EvidenceOutcome {
  id: string
  answerable: boolean
  evidence: AnswerEvidence
}

/** With fewer, no difference of a usual size is sure. */
export const fewestOfEach = { answerable: 40, unanswerable: 15 } as const

/** One answerable question in twenty may be refused. */
const mostFalseRefusals = 0.05
const ridge = 10
const folds = 5
const significance = 0.05

/** How likely an answer is there, by a model. */
type Judge = (evidence: AnswerEvidence, model: AnswerabilityModel) => number

/**
 * Fits the model of answerability to questions. What that brings is cross-validated: each question counts with the model
 * and the threshold of the other folds. The model over all is kept when that is surely better than the one in use (p < .05,
 * paired bootstrap over the right decisions, both kinds of question weighing the same).
 * @param usual what would be used without learning
 */
export function learnAnswerability(
  outcomes: readonly EvidenceOutcome[],
  { usual, judge }: { usual: AnswerabilityModel; judge: Judge },
): LearnedAnswerability {
  const counts = countsOf(outcomes)
  if (isTooFew(counts)) return { outcome: 'few_questions', model: null, ...counts }
  const decide = (model: AnswerabilityModel, { evidence }: EvidenceOutcome) => judge(evidence, model) < model.least
  const before = outcomes.map((outcome) => decide(usual, outcome))
  const models = foldsOf(outcomes).map((fold) =>
    fitModel(
      outcomes.filter((outcome) => !fold.includes(outcome)),
      judge,
    ),
  )
  const held = foldsOf(outcomes)
  const after = outcomes.map((outcome) => {
    const model = models[held.findIndex((fold) => fold.includes(outcome))]
    return model !== undefined && decide(model, outcome)
  })
  const gain = pairedBootstrap(correctness(outcomes, before), correctness(outcomes, after))
  const isSure = gain.difference > 0 && gain.p < significance
  return {
    outcome: isSure ? 'kept' : 'no_gain',
    model: isSure ? fitModel(outcomes, judge) : null,
    ...counts,
    usual: ratesOf(outcomes, before),
    crossValidated: ratesOf(outcomes, after),
    gain,
  }
}

/** Whether there are too few questions of either kind to learn from. */
export function isTooFew({ answerable, unanswerable }: { answerable: number; unanswerable: number }): boolean {
  return answerable < fewestOfEach.answerable || unanswerable < fewestOfEach.unanswerable
}

/** The weights that fit, and the highest threshold that refuses no more answerable questions than may be. */
export function fitModel(outcomes: readonly EvidenceOutcome[], judge: Judge): AnswerabilityModel {
  const examples = outcomes.map(({ answerable, evidence }) => ({ label: answerable, features: featuresOf(evidence) }))
  const { bias, weights } = fitLogistic(examples, { ridge })
  const model = { bias, weights: weightsOf(weights), least: 0 }
  const scores = outcomes.filter(({ answerable }) => answerable).map(({ evidence }) => judge(evidence, model))
  const sorted = scores.sort((a, b) => a - b)
  return { ...model, least: sorted[Math.floor(mostFalseRefusals * sorted.length)] ?? 0 }
}

function featuresOf(evidence: AnswerEvidence): number[] {
  const { cosine, coverage, foreign, kindOffered, kindMissing, nameMissing } = evidence
  return [cosine, coverage, foreign, kindOffered, kindMissing, nameMissing]
}

/** In the order of the features. */
function weightsOf(weights: readonly number[]): AnswerabilityModel['weights'] {
  const [cosine = 0, coverage = 0, foreign = 0, ...ofQuestion] = weights
  const [kindOffered = 0, kindMissing = 0, nameMissing = 0] = ofQuestion
  return { cosine, coverage, foreign, kindOffered, kindMissing, nameMissing }
}

/** Both kinds of question are spread evenly over the folds, by nothing but their ids. */
function foldsOf(outcomes: readonly EvidenceOutcome[]): EvidenceOutcome[][] {
  const key = ({ id }: EvidenceOutcome) => createHash('sha256').update(id).digest('hex')
  const sorted = outcomes.toSorted((a, b) => Number(a.answerable) - Number(b.answerable) || (key(a) < key(b) ? -1 : 1))
  return Array.from({ length: folds }, (_, fold) => sorted.filter((__, at) => at % folds === fold))
}

/** 1 for a right decision, scaled so that both kinds of question weigh the same. */
function correctness(outcomes: readonly EvidenceOutcome[], refused: readonly boolean[]): number[] {
  const { answerable, unanswerable } = countsOf(outcomes)
  return outcomes.map((outcome, at) => {
    const isRight = outcome.answerable !== refused[at]
    return isRight ? outcomes.length / (2 * (outcome.answerable ? answerable : unanswerable)) : 0
  })
}

function ratesOf(outcomes: readonly EvidenceOutcome[], refused: readonly boolean[]): RefusalRates {
  const rate = (answerable: boolean) =>
    mean(outcomes.flatMap((outcome, at) => (outcome.answerable === answerable ? [Number(refused[at])] : [])))
  return { falseRefusals: rate(true), rightRefusals: rate(false) }
}

function countsOf(outcomes: readonly EvidenceOutcome[]): { answerable: number; unanswerable: number } {
  const answerable = outcomes.filter((outcome) => outcome.answerable).length
  return { answerable, unanswerable: outcomes.length - answerable }
}
