import { sentenceSpans } from '../../core/sentences.js'
import { contentTerms, terms } from '../../core/terms.js'
import type { Span } from '../../core/types.js'
import type { DateValue } from '../values/dates.js'
import { foldText } from '../values/fold-text.js'
import type { Quantity } from '../values/quantities.js'
import { type Unit, unitAt } from '../values/units.js'
import { blank, type Value, valuesIn } from '../values/values.js'
import { subjectMatter } from './polarity.js'

/** A sentence, list item or table row as it is compared. */
export interface Reading {
  /** Where it stands in the text that was read. */
  span: Span
  /** Folded; the spans of `values` count in it. */
  text: string
  values: Value[]
  /** The cells of the table's header where this is a row below one, folded. */
  header: string[] | null
  /** The line that leads up to the table or list in which it stands, folded; empty elsewhere. */
  lead: string
  words: ReadonlySet<string>
  /** Its content words, without values and without the words that say whether and how much. */
  matter: string[]
  clauses: Clause[]
}

export interface Clause {
  /** What is said; of a row, without its first cell. */
  text: string
  /** With those of a row's first cell, as in `matter`. */
  values: Value[]
  matter: string[]
}

/** What says nothing itself: the number of a list item, the rule below a table's header. */
const emptyLine = /^(?:[\s|:*#-]+|\(?\d{1,2}[.)])$/

/**
 * Reads a text sentence by sentence; table rows and list items are sentences of their own.
 * @param tableHeader the header of the table in which the text starts
 */
export function readText(text: string, { tableHeader = null }: { tableHeader?: string | null } = {}): Reading[] {
  let header = tableHeader === null ? null : cellsOf(foldText(tableHeader))
  let lead = ''
  return sentenceSpans(text)
    .filter(({ start, end }) => !emptyLine.test(text.slice(start, end)))
    .map((span) => {
      const folded = foldText(text.slice(span.start, span.end))
      const isRow = isTableRow(folded)
      const isListed = isRow || listItem.test(lineAt(text, span.start))
      if (!isListed) lead = folded
      const reading = readSentence(folded, { span, header: isRow ? header : null, lead: isListed ? lead : '' })
      if (!isRow) header = null
      else header ??= cellsOf(folded)
      return reading
    })
}

const listItem = /^\s*(?:[-*+•·]\s|\(?\d{1,2}[.)、](?!\d)|（\d{1,2}）|[a-z]\))/

function lineAt(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at + 8)
}

function readSentence(text: string, { span, header, lead }: Pick<Reading, 'span' | 'header' | 'lead'>): Reading {
  const values = valuesIn(text)
  return {
    span,
    text,
    values: header === null ? values : withUnits(text, values, header),
    header,
    lead,
    words: new Set(terms(text)),
    matter: matterOf(text, values),
    clauses: clausesOf(text, header).map(({ about, said }) => {
      const whole = `${about} ${said}`.trim()
      const held = valuesIn(whole)
      return { text: said, values: held, matter: matterOf(whole, held) }
    }),
  }
}

function matterOf(text: string, values: readonly Value[]): string[] {
  return contentTerms(subjectMatter(blank(text, values)))
}

export function isTableRow(line: string): boolean {
  return /\S \| ?|^\|/.test(line)
}

/** Numbers of a row take the unit that the name of their column ends with, or has in brackets: `Flow (m3/h)`. */
function withUnits(row: string, values: Value[], header: string[]): Value[] {
  return values.map((value) => {
    if ((value.kind !== 'quantity' && value.kind !== 'range') || value.unit !== null) return value
    const unit = unitOfColumn(header[columnAt(row, value.span.start)] ?? '')
    return unit === null ? value : { ...value, unit }
  })
}

function unitOfColumn(name: string): Unit | null {
  const last = /(?:[\s(/,:]|(?<=\p{sc=Han}))([^\s(),:\p{sc=Han}]+|\p{sc=Han}{1,4})\)?$/u.exec(name)?.[1]
  const found = last === undefined ? null : unitAt(last)
  return found !== null && found.length === last?.length ? found.unit : null
}

function columnAt(row: string, at: number): number {
  return row.slice(0, at).replace(/^\|/, '').split('|').length - 1
}

function cellsOf(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

const delimiter = /:(?!\d)|[,;!?。、()|\n](?!\d{3})| (?=and |but |while |whereas )/g

/** The clauses of a sentence; of a row, each cell with the name of its column and of the row, its first cell. */
function clausesOf(text: string, header: string[] | null): { about: string; said: string }[] {
  if (isTableRow(text)) {
    const [name = '', ...cells] = cellsOf(text)
    return cells.map((cell, index) => ({ about: name, said: `${header?.[index + 1] ?? ''} ${cell}`.trim() }))
  }
  return text
    .split(delimiter)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .map((clause) => ({ about: '', said: clause }))
}

export function quantitiesOf({ values }: Reading): Quantity[] {
  return values.filter((value) => value.kind === 'quantity')
}

/** Whether one value can be mistaken for the other: both measure the same, or neither has a unit. */
export function isComparable(a: Quantity, b: Quantity): boolean {
  return (a.unit?.dimension ?? null) === (b.unit?.dimension ?? null)
}

/**
 * The words that say what a value is the value of: from the last value of its kind before it to the end of its clause.
 * In a table row: the other cells and the name of its column.
 */
export function labelOf(reading: Reading, quantity: Quantity | DateValue): string[] {
  return contentTerms(labelTextOf(reading, quantity))
}

/** What `labelOf` reads, folded. */
export function labelTextOf(reading: Reading, quantity: Quantity | DateValue): string {
  const { text, header, values } = reading
  const withoutOwn = blank(text, [quantity])
  if (isTableRow(text)) return `${withoutOwn} ${header?.[columnAt(text, quantity.span.start)] ?? ''}`
  const isRival = (value: Value) =>
    value.kind === 'quantity'
      ? quantity.kind === 'quantity' && isComparable(value, quantity)
      : value.kind === 'date' && quantity.kind === 'date'
  const rivals = values.filter((value) => value !== quantity && isRival(value))
  const isSame = (end: number) => /^\s*[(=≈]\s*$/.test(text.slice(end, quantity.span.start))
  const ends = rivals.map(({ span }) => span.end).filter((end) => end <= quantity.span.start && !isSame(end))
  const previous = Math.max(0, ...ends)
  const next = Math.min(
    text.length,
    ...rivals.map(({ span }) => span.start).filter((start) => start >= quantity.span.end),
  )
  const cut = previous === 0 ? -1 : text.slice(previous, quantity.span.start).search(/[,;、。]| and /)
  const start = previous + Math.max(0, cut)
  const length = text.slice(quantity.span.end, next).search(/[,;、。]/)
  return withoutOwn.slice(start, length < 0 ? next : quantity.span.end + length)
}
