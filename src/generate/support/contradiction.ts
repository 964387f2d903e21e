import { sameQuantities } from '../values/holds-value.js'
import type { Quantity } from '../values/quantities.js'
import { type Quoted, quotedReadings } from './passage.js'
import { type Bound, boundOf, contradicts } from './polarity.js'
import { type Clause, quantitiesOf, type Reading } from './reading.js'

/** Clauses that share this much of their words speak of the same thing. */
const sameMatter = 0.5
/** A clause this little less alike than another one counts as much. */
const nearlyAsAlike = 0.2
/**
 * Whether the quote says the opposite of a statement: the other bound of one of its values, or, in the clause that speaks
 * of the same thing, a negation or an opposite.
 */
export function isContradicted(reading: Reading, quoted: Quoted): boolean {
  const readings = quotedReadings(quoted)
  return (
    quantitiesOf(reading).some((quantity) => hasOtherBound(quantity, { reading, readings })) ||
    reading.clauses.some((clause) => isOpposite(clause, quoted.passage.readings))
  )
}

/** Whether what is quoted gives a quantity of a statement only as the other end of what is allowed or meant. */
export function hasOtherBound(
  quantity: Quantity,
  { reading, readings }: { reading: Reading; readings: readonly Reading[] },
): boolean {
  const bound = boundOf(reading.text, quantity.span)
  if (bound === null) return false
  const bounds = readings.flatMap((of) => boundsOf(of, quantity))
  return bounds.length > 0 && bounds.every((other) => other !== null && other !== bound)
}

function boundsOf({ values, text }: Reading, quantity: Quantity): (Bound | null)[] {
  return sameQuantities(quantity, { values, text }).map(({ span }) => boundOf(text, span))
}

/** Whether a clause says the opposite of a clause of the same matter, and none of the same things says what it does. */
export function isOpposite({ text, matter }: Clause, readings: readonly Reading[]): boolean {
  const alike = readings
    .flatMap(({ clauses }) => clauses)
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
}

/** The words that two clauses share, and of the words of the shorter one how many these are. */
function inCommon(a: readonly string[], b: readonly string[]): { shared: string[]; likeness: number } {
  const shared = a.filter((term) => b.includes(term))
  const shorter = Math.min(a.length, b.length)
  return { shared, likeness: shorter === 0 ? 0 : shared.length / shorter }
}
