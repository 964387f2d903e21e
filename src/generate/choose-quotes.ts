import { terms } from '../core/terms.js'
import type { RankedExtract } from './rank-extracts.js'

export const mostQuotes = 4
/** How sure it has to be that the answer is among the quotes, if it is among the extracts at all. */
const enough = 0.8
/** A further quote has to be the answer with at least this chance. */
const leastShare = 0.05

/**
 * The fewest of the best extracts among which the answer is likely to be: one when it stands out. What repeats another
 * one is left out, what differs from it in a number is not.
 * @param ranked best first
 */
export function chooseQuotes(ranked: readonly RankedExtract[]): RankedExtract[] {
  const chosen: RankedExtract[] = []
  let sure = 0
  for (const extract of ranked) {
    if (chosen.length === mostQuotes || (chosen.length > 0 && (sure >= enough || extract.share < leastShare))) break
    sure += extract.share
    if (!chosen.some((other) => saysTheSame(other, extract))) chosen.push(extract)
  }
  return chosen
}

function saysTheSame(a: RankedExtract, b: RankedExtract): boolean {
  if (holdsOther(a, b) || holdsOther(b, a)) return true
  const numbers = ({ text }: RankedExtract) => (text.match(/\d+(?:\.\d+)?/g) ?? []).sort().join(' ')
  const inA = new Set(terms(a.text))
  const inB = terms(b.text)
  const isAlike = inB.filter((term) => inA.has(term)).length > 0.8 * Math.max(inA.size, inB.length)
  return isAlike && numbers(a) === numbers(b)
}

/** A list and one of its items. */
function holdsOther(a: RankedExtract, b: RankedExtract): boolean {
  return a.hit === b.hit && a.span.start <= b.span.start && b.span.end <= a.span.end
}
