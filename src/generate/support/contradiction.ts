import { sameQuantities } from '../values/holds-value.js'
import type { Quantity } from '../values/quantities.js'
import { type Quoted, quotedReadings } from './passage.js'
import { type Bound, boundOf, contradicts } from './polarity.js'
import { quantitiesOf, type Reading } from './reading.js'

/** Clauses that share this much of their words speak of the same thing. */
const sameMatter = 0.5
/** A clause this little less alike than another one counts as much. */
const nearlyAsAlike = 0.2
/**
 * Whether the quote says the opposite of a statement: the other bound of one of its values, or, in the clause that speaks
 * of the same thing, a negation or an opposite.
 */
export function isContradicted(reading: Reading, quoted: Quoted): boolean {
  return hasOtherBound(reading, quoted) || hasOppositeClause(reading, quoted)
}

function hasOtherBound(reading: Reading, quoted: Quoted): boolean {
  return quantitiesOf(reading).some((quantity) => {
    const bound = boundOf(reading.text, quantity.span)
    if (bound === null) return false
    const bounds = quotedReadings(quoted).flatMap((of) => boundsOf(of, quantity))
    return bounds.length > 0 && bounds.every((other) => other !== null && other !== bound)
  })
}

function boundsOf({ values, text }: Reading, quantity: Quantity): (Bound | null)[] {
  return sameQuantities(quantity, { values, text }).map(({ span }) => boundOf(text, span))
}

/** A clause that says the opposite counts unless another one, which does not, speaks of the same things. */
function hasOppositeClause(reading: Reading, { passage }: Quoted): boolean {
  const given = passage.readings.flatMap(({ clauses }) => clauses)
  return reading.clauses.some(({ text, matter }) => {
    const alike = given
      .map((other) => ({ text: other.text, ...inCommon(matter, other.matter) }))
      .filter(({ likeness }) => likeness >= sameMatter)
    const [against, others] = [
      alike.filter((it) => contradicts(text, it.text)),
      alike.filter((it) => !contradicts(text, it.text)),
    ]
    return against.some(({ shared, likeness }) => {
      const speaksOfIt = (other: (typeof others)[number]) =>
        inCommon(shared, other.shared).shared.length > shared.length / 2
      return !others.some((other) => speaksOfIt(other) && other.likeness >= likeness - nearlyAsAlike)
    })
  })
}

/** The words that two clauses share, and of the words of the shorter one how many these are. */
function inCommon(a: readonly string[], b: readonly string[]): { shared: string[]; likeness: number } {
  const shared = a.filter((term) => b.includes(term))
  const shorter = Math.min(a.length, b.length)
  return { shared, likeness: shorter === 0 ? 0 : shared.length / shorter }
}
