import type { Span } from '../../core/types.js'
import { type CodeValue, codesIn } from './codes.js'
import { type DateValue, datesIn } from './dates.js'
import { type Quantity, quantitiesIn, type RangeValue, rangesOf } from './quantities.js'

export type Value = DateValue | CodeValue | Quantity | RangeValue

/**
 * The values of a folded text, each with its place: dates, part numbers and standards, numbers with their units, and
 * ranges (whose ends are listed as numbers too). What one of these took is not read again as another, in this order.
 */
export function valuesIn(text: string): Value[] {
  const dates = datesIn(text)
  const codes = codesIn(blank(text, dates))
  const quantities = quantitiesIn(blank(text, [...dates, ...codes]))
  return [...dates, ...codes, ...quantities, ...rangesOf(text, quantities)]
}

/** The text with spaces where values stand, so that its places stay. */
export function blank(text: string, values: readonly { span: Span }[]): string {
  return values.reduce(
    (rest, { span }) => rest.slice(0, span.start) + ' '.repeat(span.end - span.start) + rest.slice(span.end),
    text,
  )
}
