import { createHash } from 'node:crypto'
import type { LearnedTrust } from '../core/tuning.js'
import { mean, pairedBootstrap } from './statistics.js'

/** The values that are tried: an eighth apart, from "terms alone" to "half as much again as usual". */
export const trustValues: readonly number[] = Array.from({ length: 13 }, (_, index) => index / 8)

/** With fewer questions no difference of a usual size is sure. */
export const fewestQuestions = 40

const folds = 5
const significance = 0.05

/** How well one question was answered, by a measure of 0 to 1, higher for better. */
export interface TrustOutcome {
  id: string
  /** With the default. */
  usual: number
  /** With each of `trustValues`, in their order. */
  tried: readonly number[]
}

/**
 * Learns how far the vectors are to be trusted. A value that was chosen on the questions it is judged by always looks
 * better than it is, so what learning brings is cross-validated: each question counts with the value that was best for
 * the questions of the other folds. The best value over all is kept when that gain is above 0 and sure (p < .05, paired
 * bootstrap) and the questions are at least `fewestQuestions`. The folds depend on nothing but the ids.
 * @param outcomes one for each question that something answers
 */
export function learnTrust(outcomes: readonly TrustOutcome[]): LearnedTrust {
  const usual = outcomes.map((outcome) => outcome.usual)
  const bestOfOthers = Array.from({ length: folds }, (_, fold) =>
    bestIndex(outcomes.filter(({ id }) => foldOf(id) !== fold)),
  )
  const validated = outcomes.map(({ id, tried }) => tried[bestOfOthers[foldOf(id)] ?? 0] ?? 0)
  const gain = pairedBootstrap(usual, validated)
  const best = trustValues[bestIndex(outcomes)] ?? 1
  const isSure = gain.difference > 0 && gain.p < significance
  const outcome = outcomes.length < fewestQuestions ? 'few_questions' : isSure ? 'kept' : 'no_gain'
  return {
    outcome,
    denseTrust: outcome === 'kept' ? best : null,
    best,
    questions: outcomes.length,
    usual: mean(usual),
    crossValidated: mean(validated),
    gain,
    tried: trustValues.map((denseTrust, index) => ({ denseTrust, ndcg: meanAt(outcomes, index) })),
  }
}

/** Of values that are equally good, the one nearest to 1. */
function bestIndex(outcomes: readonly TrustOutcome[]): number {
  const means = trustValues.map((value, index) => ({ index, ndcg: meanAt(outcomes, index), far: Math.abs(value - 1) }))
  const highest = Math.max(...means.map(({ ndcg }) => ndcg))
  // Sums of equal figures may differ by rounding.
  const equals = means.filter(({ ndcg }) => ndcg >= highest - 1e-9)
  return equals.reduce((nearest, each) => (each.far < nearest.far ? each : nearest)).index
}

function meanAt(outcomes: readonly TrustOutcome[], index: number): number {
  return mean(outcomes.map(({ tried }) => tried[index] ?? 0))
}

function foldOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % folds
}
