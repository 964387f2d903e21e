import { foldShapes, otherSpellings } from '../core/fold.js'
import { unspaced } from '../core/terms.js'

const wordCharacter = `[[\\p{L}\\p{M}\\p{N}]--[${unspaced}]]`
const isUnspaced = new RegExp(`^[${unspaced}]$`, 'u')
const isWordCharacter = new RegExp(`^${wordCharacter}$`, 'v')

/** Most characters that one sign is folded into, of the signs that matter: ㎢ becomes `km2`, ⑽ becomes `(10)`. */
const longestSign = 4

interface Letter {
  character: string
  /** What may stand between it and the one before. */
  gap: '' | '\\s*' | '\\s+'
}

/**
 * A regular expression (without regard to case) for a text in its usual spellings: widths, dashes, signs such as ℃,
 * traditional characters. White space stands for any amount of it, of none except between two words; it may also stand
 * beside scripts that are written without, and between a number and its unit. Where the text begins or ends with a letter or digit of another script, no
 * further one may stand: "cat" is not in "category".
 *
 * It is read by Rust's `regex` and by JavaScript's `v` alike; every character of the text is given by its number, so
 * nothing in it has a meaning.
 */
export function wordPattern(text: string): string {
  const given = text.replace(/\p{Cs}/gu, '\ufffd')
  const folded = foldShapes(given)
  const letters = lettersOf(folded)
  const open = isWordCharacter.test(letters[0]?.character ?? '') ? `(?:^|[^${wordCharacter}])` : ''
  const shut = isWordCharacter.test(letters.at(-1)?.character ?? '') ? `(?:[^${wordCharacter}]|$)` : ''
  if (folded === given) return `${open}${inAnySpelling(letters)}${shut}`
  // Signs may be told apart in several ways (²⑩ becomes 210, and so does ㉑0): as it was written it is always found.
  const asGiven = lettersOf(given).map(({ gap, character }) => `${gap}${numbered(character)}`)
  return `${open}(?:${inAnySpelling(letters)}|${asGiven.join('')})${shut}`
}

function inAnySpelling(letters: readonly Letter[]): string {
  let pattern = ''
  for (let at = 0; at < letters.length; ) {
    const { length, signs } = signsAt(letters, at)
    const [gap = '', ...run] = letters
      .slice(at, at + length)
      .flatMap((letter) => [letter.gap, spelled(letter.character)])
    const written = run.join('')
    pattern += `${gap}${signs.length === 0 ? written : `(?:${written}|${anyOf(signs)})`}`
    at += length
  }
  return pattern
}

function lettersOf(folded: string): Letter[] {
  const characters = [...folded.trim().replace(/\s+/gu, ' ')]
  return characters.flatMap((character, at): Letter[] => {
    if (character === ' ') return []
    const isApart = characters[at - 1] === ' '
    const before = characters[isApart ? at - 2 : at - 1]
    if (before === undefined) return [{ character, gap: '' }]
    if (isUnspaced.test(before) || isUnspaced.test(character) || isUnit(before, character)) {
      return [{ character, gap: '\\s*' }]
    }
    const areWords = isWordCharacter.test(before) && isWordCharacter.test(character)
    return [{ character, gap: !isApart ? '' : areWords ? '\\s+' : '\\s*' }]
  })
}

/** A number and its unit are written together (75℃, 50mm) as well as apart. */
function isUnit(before: string, character: string): boolean {
  return /\p{Nd}/u.test(before) && /[\p{L}°%‰]/u.test(character)
}

/** Signs that stand for this letter and some after it, the most there are; for the letter alone when there are none. */
function signsAt(letters: readonly Letter[], at: number): { length: number; signs: readonly string[] } {
  for (let length = longestSign; length > 1; length -= 1) {
    const run = letters.slice(at, at + length)
    const signs = otherSpellings(run.map(({ character }) => character).join(''))
    if (run.length === length && signs.length > 0) return { length, signs }
  }
  return { length: 1, signs: [] }
}

function spelled(character: string): string {
  const others = otherSpellings(character)
  return others.length === 0 ? numbered(character) : anyOf([character, ...others])
}

function anyOf(characters: readonly string[]): string {
  return `[${characters.map(numbered).join('')}]`
}

function numbered(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
}
