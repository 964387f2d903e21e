import { languageOf } from '../../core/language.js'
import type { Span } from '../../core/types.js'
import type { CodeValue } from '../values/codes.js'
import type { DateValue } from '../values/dates.js'
import { holdsValue } from '../values/holds-value.js'
import type { Quantity } from '../values/quantities.js'
import { blank, type Value } from '../values/values.js'
import { type Quote, readStatement, type Stated } from './align.js'
import { hasOtherBound, isOpposite } from './contradiction.js'
import { joinQuotes, type Quoted } from './passage.js'
import { type Clause, labelTextOf, type Reading } from './reading.js'
import { hasRival, nearest, type Source, toSource } from './source.js'
import { isAboutAnother, isAcrossRows, isMisplaced } from './subject.js'
import { type Doubt, hasAddition, isTooFar } from './support.js'
import { costOfLength, likelyWindows, spanOf, type WindowOptions } from './windows.js'

/** One of several passages that a statement cites, and what it makes of the statement alone. */
interface Cited {
  alone: Quote
  pageStarts: readonly number[]
}

export interface SharedQuote {
  quoteSpan: Span
  supports: boolean
}

/**
 * Holds a statement against all the passages that it cites. It is supported when every value of it stands in one of the
 * quotes, in the one that it is said of where words tell, and none of them says otherwise of its part; then each passage
 * that carries a part is a source of it. A passage that supports the whole alone is one in any case.
 */
export function supportTogether(statement: Stated, cited: readonly Cited[]): SharedQuote[] {
  const stated = readStatement(statement)
  const divided = (costOfLength: number, { keepWhole }: { keepWhole: boolean }) => {
    const sources = cited.map(({ alone, pageStarts }) =>
      toSource(
        keepWhole && alone.doubts.length === 0 ? alone.quoted : partIn(alone, stated, { pageStarts, costOfLength }),
      ),
    )
    return { sources, ...judge(stated, sources) }
  }
  const parts = divided(costWherePartIsEnough, { keepWhole: false })
  const isDivided = parts.doubts.size === 0 && parts.sources.every((source) => parts.carriers.has(source))
  const { sources, doubts, carriers } = isDivided ? parts : divided(costOfLength, { keepWhole: true })
  return cited.map(({ alone }, index) => {
    const isWhole = alone.doubts.length === 0
    const source = sources[index]
    if (source === undefined || source.readings.length === 0) return { quoteSpan: alone.quoteSpan, supports: isWhole }
    return { quoteSpan: spanOf(source.quoted), supports: isWhole || (doubts.size === 0 && carriers.has(source)) }
  })
}

/** A sentence that holds a little of another source's part is left out, unless the statement needs it. */
const costWherePartIsEnough = 3 * costOfLength

type ReadStatement = ReturnType<typeof readStatement>

/** The sentences of a passage that carry its part of a statement; where none does, what fits the whole best. */
function partIn({ quoted: whole }: Quote, stated: ReadStatement, options: WindowOptions): Quoted {
  const [best] = likelyWindows(stated.readings, whole.passage, options)
    .map(({ quoted }) => ({ source: toSource(quoted) }))
    .map(({ source }) => ({ source, ...judge(stated, [source]) }))
    .filter(({ source, carriers }) => carriers.has(source))
    .sort((a, b) => weigh(a.doubts) - weigh(b.doubts))
  return best?.source.quoted ?? whole
}

/** What a part is bound to lack speaks against no quote of it. */
function weigh(doubts: ReadonlySet<Doubt>): number {
  return [...doubts].filter((doubt) => doubt === 'subject' || doubt === 'polarity').length
}

interface Judged {
  doubts: Set<Doubt>
  /** The sources that a part of the statement can be taken from. */
  carriers: Set<Source>
}

function judge({ readings, subjects }: ReadStatement, sources: readonly Source[]): Judged {
  const judged: Judged = { doubts: new Set(), carriers: new Set() }
  const passage = joinQuotes(sources.map(({ quoted }) => quoted))
  const joined = { passage, from: 0, to: passage.readings.length }
  if (isTooFar(readings, joined)) judged.doubts.add('coverage')
  if (isAboutAnother([...subjects, ...readings.flatMap(({ values }) => values)], joined)) judged.doubts.add('subject')
  for (const reading of readings) {
    judgeValues(reading, { sources, subjects, judged })
    for (const clause of reading.clauses) judgeClause(clause, { reading, sources, judged })
    if (isInTheirLanguage(reading, sources) && hasAddition(reading, joined)) judged.doubts.add('addition')
  }
  return judged
}

interface Judging {
  sources: readonly Source[]
  subjects: readonly CodeValue[]
  judged: Judged
}

/** Each value is looked for in the sources that the words around it speak of. */
function judgeValues(reading: Reading, { sources, subjects, judged }: Judging): void {
  const unvalued = {
    ...reading,
    text: blank(
      reading.text,
      reading.values.filter(({ kind }) => kind !== 'code'),
    ),
  }
  for (const value of reading.values) {
    const holding = sources.filter(({ given }) => holdsValue(value, given))
    if (holding.length === 0 && !isHeldByEnds(value, sources)) judged.doubts.add('value')
    if (holding.length === 0 || value.kind === 'code' || value.kind === 'range') continue
    const meant = nearest(labelTextOf(unvalued, value), sources, { language: languageOf(reading.text) })
    const fitting = holding.filter((source) => meant.includes(source))
    if (fitting.length === 0 && meant.some((source) => hasRival(source, value))) {
      judged.doubts.add('subject')
      continue
    }
    const found = (fitting.length > 0 ? fitting : holding).map((source) => ({
      source,
      doubt: doubtOf(value, { reading, source, subjects }),
    }))
    const sound = found.filter(({ doubt }) => doubt === null)
    for (const { source } of sound) judged.carriers.add(source)
    if (sound.length === 0) for (const { doubt } of found) if (doubt !== null) judged.doubts.add(doubt)
  }
}

/** `from 4 % to 5 %` is a change when one source has the one and another the other, and neither within another range. */
function isHeldByEnds(value: Value, sources: readonly Source[]): boolean {
  if (value.kind !== 'range') return false
  return [value.low, value.high].every((end) =>
    sources.some(({ given }) => holdsValue({ ...value, low: end, high: end }, given)),
  )
}

function doubtOf(
  value: Quantity | DateValue,
  { reading, source, subjects }: { reading: Reading; source: Source; subjects: readonly CodeValue[] },
): Doubt | null {
  const { quoted, given, readings } = source
  if (isAcrossRows(heldOf(reading, source), quoted)) return 'subject'
  if (value.kind === 'date') return null
  if (isMisplaced(value, { reading, held: { quoted, given, subjects } })) return 'subject'
  return hasOtherBound(value, { reading, readings }) ? 'polarity' : null
}

/** A sentence of the statement with no other values than those that the source holds. */
function heldOf(reading: Reading, { given }: Source): Reading {
  const held = (of: Clause) => ({ ...of, values: of.values.filter((value) => holdsValue(value, given)) })
  return { ...reading, clauses: reading.clauses.map(held) }
}

/** What a clause says must not be denied by the sources it speaks of; without a number, they carry it by its words. */
function judgeClause(
  clause: Clause,
  { reading, sources, judged }: { reading: Reading; sources: readonly Source[]; judged: Judged },
): void {
  const meant = nearest(clause.text, sources, { language: languageOf(reading.text) })
  const readings = meant.flatMap((source) => source.readings)
  if (isOpposite(clause, readings)) judged.doubts.add('polarity')
  if (clause.values.some(({ kind }) => kind !== 'code')) return
  const part = [{ ...reading, text: clause.text, values: clause.values, matter: clause.matter }]
  const named = sources.filter(({ given }) => clause.values.some((code) => holdsValue(code, given)))
  for (const source of clause.values.length > 0 ? named : meant) {
    if (speaksOf(clause, source) && !isTooFar(part, source.quoted) && !isOpposite(clause, source.readings)) {
      judged.carriers.add(source)
    }
  }
}

/** Whether a word or part number of the clause stands in the quoted sentences themselves. */
function speaksOf({ values, matter }: Clause, { readings }: Source): boolean {
  const own = { values: readings.flatMap((reading) => reading.values), text: '' }
  return (
    values.some((value) => holdsValue(value, own)) ||
    matter.some((term) => readings.some(({ words }) => words.has(term)))
  )
}

/** In another language it cannot be seen whether a source says something. */
function isInTheirLanguage({ text }: Reading, sources: readonly Source[]): boolean {
  return sources.every(({ language }) => language === languageOf(text))
}
