import { languageOf } from '../../core/language.js'
import type { CodeValue } from '../values/codes.js'
import { holdsValue, type ValueSource } from '../values/holds-value.js'
import { valuesIn } from '../values/values.js'
import { isContradicted } from './contradiction.js'
import { type Quoted, quotedReadings } from './passage.js'
import { subjectMatter } from './polarity.js'
import { quantitiesOf, type Reading } from './reading.js'
import { isAboutAnother, isAcrossRows, isMisplaced } from './subject.js'

/**
 * Why a statement is not taken as supported. `coverage`: too few of its words stand in the quote. `value`: a number, unit,
 * date or part number does not. `subject`: the quote says it of something else. `polarity`: the quote says the opposite.
 * `addition`: a clause of it has nothing to do with the quote.
 */
export type Doubt = 'coverage' | 'value' | 'subject' | 'polarity' | 'addition'

/** Weights of a statement's values beside its words, in words. */
const valueWeight = { date: 3, code: 3, quantity: 2, range: 0 }
const leastCoverage = 0.4
/** Where the values agree, fewer words have to: they may be other words for the same. */
const leastCoverageWithValues = 0.25

/** How much of a statement's words and values stand in the quote or, for half, in its context. 0 to 1. */
export function coverageOf(statement: readonly Reading[], quoted: Quoted): number {
  const readings = quotedReadings(quoted)
  const given = valueSource(quoted)
  const characters = new Set(readings.flatMap(({ text }) => text.match(/\p{sc=Han}/gu) ?? []))
  let [held, all] = [0, 0]
  for (const { values, matter } of statement) {
    for (const value of values) {
      all += valueWeight[value.kind]
      if (holdsValue(value, given)) held += valueWeight[value.kind]
    }
    for (const term of matter) {
      all += 1
      if (readings.some(({ words }) => words.has(term))) held += 1
      else if (quoted.passage.context.words.has(term) || isSpelt(term, characters)) held += 0.5
    }
  }
  if (all > 0) return held / all
  // Nothing but words that bind and ask: only word for word.
  const quote = readings.map(({ text }) => text).join(' ')
  return statement.length > 0 && statement.every(({ text }) => quote.includes(text)) ? 1 : 0
}

/**
 * Holds a statement against a quote; no doubt means that the quote supports it.
 * @param subjects part numbers that the statement is about without naming them itself
 */
export function doubtsOf(
  statement: readonly Reading[],
  quoted: Quoted,
  { subjects = [] }: { subjects?: readonly CodeValue[] } = {},
): Doubt[] {
  const given = valueSource(quoted)
  const values = statement.flatMap((reading) => reading.values)
  const found = new Set<Doubt>()
  if (isTooFar(statement, quoted)) found.add('coverage')
  if (!values.every((value) => holdsValue(value, given))) found.add('value')
  if (isAboutAnother([...subjects, ...values], quoted)) found.add('subject')
  for (const reading of statement) {
    const held = { quoted, given, subjects }
    if (quantitiesOf(reading).some((quantity) => isMisplaced(quantity, { reading, held }))) found.add('subject')
    if (isAcrossRows(reading, quoted)) found.add('subject')
    if (isContradicted(reading, quoted)) found.add('polarity')
    if (hasAddition(reading, quoted)) found.add('addition')
  }
  return [...found]
}

/** Whether too little of a statement stands in the quote for it to be about the same. */
export function isTooFar(statement: readonly Reading[], quoted: Quoted): boolean {
  const hasValues = statement.some(({ values }) => values.length > 0)
  return coverageOf(statement, quoted) < (hasValues ? leastCoverageWithValues : leastCoverage)
}

/** Whether the characters of a Chinese term stand in the quote, if apart: other words for the same share them. */
function isSpelt(term: string, characters: ReadonlySet<string>): boolean {
  return /^\p{sc=Han}{2}$/u.test(term) && [...term].every((character) => characters.has(character))
}

/** What the values of a statement are looked for in: the quote, the line above its list, its header, title and headings. */
export function valueSource(quoted: Quoted): ValueSource {
  const readings = quotedReadings(quoted)
  const { context } = quoted.passage
  const text = [
    ...readings.flatMap((reading) => [reading.text, reading.lead, ...(reading.header ?? [])]),
    context.text,
  ].join('\n')
  const led = new Set(readings.map(({ lead }) => lead))
  const values = [...readings.flatMap((reading) => reading.values), ...[...led].flatMap(valuesIn), ...context.values]
  return { values, text }
}

/** A clause of this many words that shares less than this with the quote says something of its own. */
const wordsOfClause = 3
const leastShared = 0.2

/** A clause without values that the quote holds next to nothing of; in another language that cannot be seen. */
export function hasAddition(reading: Reading, quoted: Quoted): boolean {
  const readings = quotedReadings(quoted)
  const { context } = quoted.passage
  const text = [...readings.map((of) => of.text), context.text].join('\n')
  if (languageOf(reading.text) !== languageOf(text)) return false
  const characters = new Set(text.match(/\p{sc=Han}/gu))
  return reading.clauses.some(({ text: clause, matter, values }) => {
    if (matter.length < wordsOfClause || values.length > 0) return false
    const han = subjectMatter(clause).match(/\p{sc=Han}/gu) ?? []
    const strange = han.length === 0 ? 1 : han.filter((character) => !characters.has(character)).length / han.length
    const shared = matter.filter((term) => context.words.has(term) || readings.some(({ words }) => words.has(term)))
    return shared.length < leastShared * matter.length && strange > 0.5
  })
}
