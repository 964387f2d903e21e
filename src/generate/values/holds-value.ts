import { type CodeValue, isSibling, namesSame } from './codes.js'
import { type DateValue, isWithin } from './dates.js'
import type { Quantity, RangeValue } from './quantities.js'
import { unitAt } from './units.js'
import type { Value } from './values.js'

/** What a value is looked for in: a quote with what belongs to it. */
export interface ValueSource {
  values: readonly Value[]
  /** Folded text of the quote and of the header, title and headings above it: units and names may stand there. */
  text: string
}

/**
 * Whether a value of a statement stands in the source: the same number with the same unit, the same date or a more
 * complete one, the same part number or a part of it.
 */
export function holdsValue(value: Value, source: ValueSource): boolean {
  switch (value.kind) {
    case 'date':
      return holdsDate(value, source)
    case 'code':
      return holdsCode(value, source)
    case 'quantity':
      return sameQuantities(value, source).length > 0 || holdsBareNumber(value, source)
    case 'range':
      return holdsRange(value, source)
    default:
      return value satisfies never
  }
}

/** The quantities of the source that a quantity may have been taken from. */
export function sameQuantities(quantity: Quantity, { values, text }: ValueSource): Quantity[] {
  return values
    .filter((value) => value.kind === 'quantity')
    .filter((given) => isSameNumber(given.number, quantity.number) && hasUnit(given, quantity, text))
}

function hasUnit(given: Quantity, { unit }: Quantity, text: string): boolean {
  if (unit === null || given.unit?.name === unit.name) return true
  return given.unit === null && unitsAlone(text).has(unit.name)
}

/** Units that stand without a number, as in the header `Flow (m3/h)`. */
function unitsAlone(text: string): Set<string> {
  const starts = [...text.matchAll(/(?<=[\s(/|,:\p{sc=Han}])(?<!\d\s+)[^\s()/|,:\d]/gu)].map(({ index }) => index)
  return new Set(starts.flatMap((index) => unitAt(text.slice(index))?.unit.name ?? []))
}

/** A number without a unit may also be a group of a code (`DN65`) or the year of a date. */
function holdsBareNumber({ number, unit }: Quantity, { values }: ValueSource): boolean {
  if (unit !== null) return false
  return values.some((value) => {
    if (value.kind !== 'code' && value.kind !== 'date') return false
    return (value.key.match(/\d+(?:\.\d+)?/g) ?? []).some((group) => Number(group) === number)
  })
}

function isSameNumber(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
}

function holdsDate({ key }: DateValue, { values }: ValueSource): boolean {
  const dates = values.filter((value) => value.kind === 'date').map((date) => date.key)
  if (dates.some((whole) => isWithin(key, whole))) return true
  const [year = '', ...rest] = key.split('-')
  return year !== '' && rest.length === 2 && dates.includes(year) && dates.includes(`--${rest.join('-')}`)
}

function holdsCode({ key }: CodeValue, { values, text }: ValueSource): boolean {
  if (values.some((value) => value.kind === 'code' && namesSame(key, value.key))) return true
  return [text.toUpperCase(), text.toUpperCase().replace(/\s/g, '')].some((whole) => namesSame(key, whole))
}

/** The ends may stand apart in the source, but not as ends of other ranges. */
function holdsRange(range: RangeValue, { values, text }: ValueSource): boolean {
  const ranges = values.filter((value) => value.kind === 'range')
  const isSame = (other: RangeValue) => isSameNumber(other.low, range.low) && isSameNumber(other.high, range.high)
  if (ranges.some(isSame)) return true
  const loose = values.filter(
    ({ span }) => !ranges.some((other) => other.span.start <= span.start && span.end <= other.span.end),
  )
  return [range.low, range.high].every(
    (number) => sameQuantities({ ...range, kind: 'quantity', number }, { values: loose, text }).length > 0,
  )
}

/** Whether the quote names another member of a part number's family and not this one. */
export function namesAnother(key: string, quoted: readonly Value[], stated: readonly Value[]): boolean {
  const codes = quoted.filter((value) => value.kind === 'code')
  const isStated = (other: CodeValue) =>
    stated.some((value) => value.kind === 'code' && namesSame(value.key, other.key))
  if (codes.some((other) => namesSame(key, other.key))) return false
  return codes.some((other) => isSibling(key, other.key) && !isStated(other))
}
