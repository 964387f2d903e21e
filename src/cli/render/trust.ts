import type { LearnedTrust } from '../../core/tuning.js'
import { fewestQuestions } from '../../eval/learn-trust.js'
import { countText } from './quantity.js'

/** What was decided and why, with the figures that it was decided by. */
export function trustLine({ outcome, best, questions, usual, crossValidated, gain }: LearnedTrust): string {
  const figures =
    `nDCG@10 ${figure(usual)} by default, ${figure(crossValidated)} learned and cross-validated ` +
    `(${signed(gain.difference)}, 95 % ${signed(gain.low)} to ${signed(gain.high)}, p ${figure(gain.p)})`
  if (outcome === 'kept') return `dense trust ${best}: ${figures}`
  if (outcome === 'no_gain') return `the default dense trust stays: ${figures}`
  const counted = `${countText(questions, 'answerable question')}, it takes ${fewestQuestions}`
  return questions === 0
    ? `the default dense trust stays: ${counted}`
    : `the default dense trust stays: ${counted}; ${figures}`
}

/** The measure with each value that was tried, and what else to know. */
export function trustNotes({ outcome, tried, questions }: LearnedTrust): string[] {
  const values = tried.map(({ denseTrust, ndcg }) => `dense trust ${denseTrust}: nDCG@10 ${figure(ndcg)}`)
  return [
    ...(questions === 0 ? [] : values),
    ...(outcome === 'kept' ? ['it holds for questions in every language, also those that the set did not ask in'] : []),
  ]
}

const figure = (value: number) => value.toFixed(3)
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
