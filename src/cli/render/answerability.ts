import type { LearnedAnswerability, RefusalRates } from '../../core/tuning.js'
import { fewestOfEach } from '../../eval/learn-answerability.js'

/** What was decided about refusals and why, with the figures that it was decided by. */
export function answerabilityLine(learned: LearnedAnswerability): string {
  const { outcome, model, answerable, unanswerable } = learned
  const counted = `${answerable} answerable and ${unanswerable} unanswerable questions`
  if (outcome === 'few_questions') {
    const { answerable: fewest, unanswerable: fewestOthers } = fewestOfEach
    const stays = model === null ? 'the built-in refusals stay' : 'what was learned before about refusals stays'
    return `${stays}: ${counted}, it takes ${fewest} and ${fewestOthers}`
  }
  const { usual, crossValidated, gain } = learned
  const figures =
    `${counted}; built in ${ratesText(usual)}, learned and cross-validated ${ratesText(crossValidated)} ` +
    `(right decisions ${signed(gain.difference)}, 95 % ${signed(gain.low)} to ${signed(gain.high)}, p ${gain.p.toFixed(3)})`
  return outcome === 'kept' ? `refusals as learned: ${figures}` : `the built-in refusals stay: ${figures}`
}

/** A false answer is an unanswerable question that was not refused. */
function ratesText({ falseRefusals, rightRefusals }: RefusalRates): string {
  return `${percent(falseRefusals)} false refusals and ${percent(1 - rightRefusals)} false answers`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const signed = (share: number) => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`
