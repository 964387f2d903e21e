import { terms } from '../../core/terms.js'
import type { CodeValue } from '../values/codes.js'
import { holdsValue, namesAnother, sameQuantities, type ValueSource } from '../values/holds-value.js'
import type { Quantity } from '../values/quantities.js'
import { blank, type Value } from '../values/values.js'
import { type Quoted, quotedReadings } from './passage.js'
import { isComparable, isTableRow, labelOf, type Reading } from './reading.js'

/** Whether the quote names another member of the family in place of a part number of the statement. */
export function isAboutAnother(stated: readonly Value[], quoted: Quoted): boolean {
  const given = quotedReadings(quoted).flatMap(({ values }) => values)
  return stated.some((value) => value.kind === 'code' && namesAnother(value.key, given, stated))
}

/** How much better another value of the passage has to fit the words around a value before it is taken to be meant. */
export const clearlyBetter = 0.25

export interface Held {
  quoted: Quoted
  given: ValueSource
  subjects: readonly CodeValue[]
}

/**
 * Whether a value stands in the quote for something else: in a row or sentence of another part number, or with words that
 * fit clearly worse than those around another value of the same kind in the passage.
 */
export function isMisplaced(quantity: Quantity, { reading, held }: { reading: Reading; held: Held }): boolean {
  const { readings, labels } = held.quoted.passage
  const stated = [...held.subjects, ...reading.values]
  const codes = stated.filter((value) => value.kind === 'code')
  const isForeign = (of: Reading) => codes.some(({ key }) => namesAnother(key, of.values, stated))
  const wanted = labelOf(reading, quantity)
  const same = new Set<Value>(sameQuantities(quantity, held.given))
  const own = labels.filter((it) => same.has(it.quantity))
  const first = own[0]?.quantity
  if (wanted.length === 0 || first === undefined) return false
  const holding = readings.filter((of) => of.values.some((value) => same.has(value)))
  if (holding.every(isForeign) || isOfOtherRow(reading, holding, readings)) return true
  const others = labels.filter((it) => !same.has(it.quantity) && isComparable(it.quantity, first))
  const fitOf = (those: typeof labels) => Math.max(0, ...those.map(({ label }) => share(wanted, label)))
  return fitOf(others) >= fitOf(own) + clearlyBetter
}

/** Whether the statement names another row of the table, by its first cell, than those that hold its value. */
function isOfOtherRow(reading: Reading, holding: readonly Reading[], readings: readonly Reading[]): boolean {
  if (!holding.every(({ text }) => isTableRow(text))) return false
  const named = (row: Reading) => {
    const unnamed = row.values.filter(({ kind }) => kind === 'quantity')
    const [cell = ''] = blank(row.text, unnamed).replace(/^\|/, '').split('|')
    const name = terms(cell).filter((term) => /\p{L}/u.test(term))
    return name.length === 0 ? 0 : share(name, reading.words)
  }
  if (holding.some((row) => named(row) >= 0.5)) return false
  return readings.some((row) => row.header !== null && !holding.includes(row) && named(row) === 1)
}

function share(wanted: readonly string[], given: ReadonlySet<string>): number {
  return wanted.filter((term) => given.has(term)).length / wanted.length
}

/** Whether the values of one clause stand in different rows of a table. */
export function isAcrossRows(reading: Reading, quoted: Quoted): boolean {
  const readings = quotedReadings(quoted)
  if (!readings.some(({ text }) => isTableRow(text))) return false
  return reading.clauses.some(({ text, values }) => {
    if (values.length < 2 || /分别|respectively/.test(text)) return false
    if (values.filter(({ kind }) => kind === 'code').length > 1) return false
    const holding = readings.filter((of) => values.some((value) => holdsValue(value, rowSource(of, []))))
    if (holding.length < 2 || !holding.every((of) => isTableRow(of.text))) return false
    const above = quoted.passage.context.values
    return !holding.some((of) => values.every((value) => holdsValue(value, rowSource(of, above))))
  })
}

function rowSource({ text, header, values }: Reading, above: readonly Value[]): ValueSource {
  return { values: [...values, ...above], text: [text, ...(header ?? [])].join(' ') }
}
