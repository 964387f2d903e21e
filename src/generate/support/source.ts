import { type Language, languageOf } from '../../core/language.js'
import { contentTerms, terms } from '../../core/terms.js'
import type { DateValue } from '../values/dates.js'
import type { ValueSource } from '../values/holds-value.js'
import type { Quantity } from '../values/quantities.js'
import { type Quoted, quotedReadings } from './passage.js'
import { isComparable, type Reading } from './reading.js'
import { clearlyBetter } from './subject.js'
import { valueSource } from './support.js'

/** The quote of one of several passages that a statement cites. */
export interface Source {
  quoted: Quoted
  readings: readonly Reading[]
  /** With title, headings, header and the line above, as are `words`. */
  given: ValueSource
  words: ReadonlySet<string>
  language: Language
}

export function toSource(quoted: Quoted): Source {
  const given = valueSource(quoted)
  return {
    quoted,
    readings: quotedReadings(quoted),
    given,
    words: new Set(terms(given.text)),
    language: languageOf(given.text),
  }
}

/** Words that only join a subject to its value; pairs of characters with one of them tell nothing. */
const joining = /[为是有的在由与和及从自]/g
/** One capital letter that stands alone, as in `A 型` or `site B`. */
const letter = /(?<![A-Za-z\d-])[A-Z](?![A-Za-z\d])/g

/**
 * The sources that a part of a statement speaks of: those with the words, part numbers and letters of it that not all
 * sources have. All of them where nothing tells them apart; a source in another language is asked for names only.
 * @param text folded
 */
export function nearest(text: string, sources: readonly Source[], { language }: { language: Language }): Source[] {
  const words = contentTerms(text.replace(joining, ' ')).filter((term) => !/^[a-z]$/.test(term))
  const letters = [...new Set(text.match(letter))]
  const marks = [
    ...words.map((word) => ({
      isHeld: ({ words: given }: Source) => given.has(word),
      isRead: (source: Source) => source.language === language || /\d/.test(word),
    })),
    ...letters.map((of) => ({ isHeld: (source: Source) => hasLetter(source, of), isRead: () => true })),
  ].filter(({ isHeld, isRead }) => sources.some((source) => isRead(source) && isHeld(source)))
  const missing = sources.map((source) => marks.filter(({ isHeld, isRead }) => isRead(source) && !isHeld(source)))
  const telling = new Set(missing.flat()).size
  const fewest = Math.min(...missing.map(({ length }) => length))
  return sources.filter((_, index) => (missing[index]?.length ?? 0) - fewest <= clearlyBetter * telling)
}

/** Whether a letter stands alone in the source, or ends one of its part numbers. */
function hasLetter({ given }: Source, wanted: string): boolean {
  if (given.text.match(letter)?.includes(wanted)) return true
  return given.values.some((value) => value.kind === 'code' && new RegExp(`\\d${wanted}$`).test(value.key))
}

/** Whether the quote gives a value that this one could have been confused with; of a bare number, the unit is not known. */
export function hasRival({ readings }: Source, value: Quantity | DateValue): boolean {
  return readings.some(({ values }) =>
    values.some((other) =>
      other.kind === 'quantity'
        ? value.kind === 'quantity' && (value.unit === null || other.unit === null || isComparable(other, value))
        : other.kind === value.kind,
    ),
  )
}
