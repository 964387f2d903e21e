import { contentTerms } from '../core/terms.js'
import type { Chunk } from '../core/types.js'
import { type Asked, isWanted } from './asked.js'
import { codeSource, codesOf, namesCode } from './names.js'
import type { RankedExtract } from './rank-extracts.js'
import { isComparable, labelOf, type Reading, readText } from './support/reading.js'
import type { CodeValue } from './values/codes.js'
import { foldText } from './values/fold-text.js'
import type { Quantity } from './values/quantities.js'
import { valuesIn } from './values/values.js'

/** Extracts further down are not likely to be about what is asked. */
const extractsRead = 8
/** Share of the words beside the one value that stand beside the other, too, when both are values of the same thing. */
const sameLabel = 0.6
const leastWords = 2

/**
 * The first extract of another document that gives another value for what the best one gives a value for: the same
 * measure, beside the same words, some of them the question's. Null when all agree, and when no value was asked for.
 * @param ranked best first
 */
export function otherValue(
  question: string,
  { asked, ranked }: { asked: Asked; ranked: readonly RankedExtract[] },
): RankedExtract | null {
  const [best, ...others] = ranked.slice(0, extractsRead)
  if (best === undefined || asked.kind !== 'amount' || best.signals.offered === 0) return null
  const codes = codesOf(asked.given)
  const isAbout = ({ hit }: RankedExtract) =>
    codes.every((code) => namesCode(codeSource(hit.chunk), code)) && !isOfAnother(hit.chunk, codes)
  if (!isAbout(best)) return null
  const given = wantedOf(best, asked)
  const words = new Set(contentTerms(question))
  const differs = (other: RankedExtract) => {
    const values = wantedOf(other, asked)
    const pairs = given.flatMap((a) => values.filter((b) => speakOfTheSame(a, b, words)).map((b) => ({ a, b })))
    const isEqual = ({ a, b }: (typeof pairs)[number]) => isSame(a.quantity, b.quantity)
    return pairs.length > 0 && !pairs.some(isEqual)
  }
  return (
    others.find(
      (other) =>
        other.hit.chunk.documentId !== best.hit.chunk.documentId &&
        other.signals.offered === 1 &&
        isAbout(other) &&
        differs(other),
    ) ?? null
  )
}

/** Whether title and headings name part numbers, but neither those asked about nor their series: what it says is of others. */
function isOfAnother({ documentTitle, headingPath }: Chunk, codes: readonly CodeValue[]): boolean {
  const named = codesOf(valuesIn(foldText([documentTitle, ...headingPath].join('\n'))))
  const isFamily = (a: CodeValue, b: CodeValue) => a.key.startsWith(b.key) || b.key.startsWith(a.key)
  return codes.length > 0 && named.length > 0 && !codes.some((code) => named.some((name) => isFamily(name, code)))
}

interface Labelled {
  quantity: Quantity
  label: ReadonlySet<string>
}

/** The values of an extract that are of the kind asked for, each with the words that say what it is the value of. */
function wantedOf({ text, tableHeader }: RankedExtract, asked: Asked): Labelled[] {
  return readText(text, { tableHeader }).flatMap((reading: Reading) =>
    reading.values
      .filter((value) => value.kind === 'quantity' && isWanted(value, asked))
      .flatMap((quantity) =>
        quantity.kind === 'quantity' ? [{ quantity, label: new Set(labelOf(reading, quantity)) }] : [],
      ),
  )
}

function speakOfTheSame(a: Labelled, b: Labelled, words: ReadonlySet<string>): boolean {
  if (!isComparable(a.quantity, b.quantity)) return false
  const shared = [...a.label].filter((term) => b.label.has(term))
  const shorter = Math.min(a.label.size, b.label.size)
  return shared.length >= leastWords && shared.length >= sameLabel * shorter && shared.some((term) => words.has(term))
}

function isSame(a: Quantity, b: Quantity): boolean {
  return a.number === b.number && a.unit?.name === b.unit?.name
}
