import type { Drawing } from './pdf-drawing.js'
import type { PageText } from './pdf-page.js'

/**
 * What a page's text is worth. `good`: it says what the page shows. `garbled`: it is there and wrong, because the fonts
 * do not say which characters they show, or because a scanner's recognition was poor. `missing`: what the page shows is
 * in pictures or outlines. `blank`: there is nothing.
 */
export type TextLayer = 'good' | 'garbled' | 'missing' | 'blank'

const mostControls = 0.03
/** Bullets and brackets of symbol fonts have no character of their own either. */
const mostUnknown = 0.15
/** No language is written with so many letters of Latin-1's upper half, nor are its longer words so poor in vowels. */
const mostAccented = 0.35
const fewestVowels = 0.24
const mostMixedWords = 0.2
const enoughLetters = 200
const enoughWords = 20

const leastPicture = 0.02
const leastOutlines = 300

/** @param drawing null where it is not known what the page shows */
export function textLayer(page: PageText, drawing: Drawing | null): TextLayer {
  const text = [...page.runs, ...page.aside].map((piece) => piece.text).join(' ')
  const characters = text.replace(/\s+/g, '').length
  if (characters === 0 && page.controls === 0) {
    const isShown = drawing !== null && (drawing.pictureShare >= leastPicture || drawing.pathPoints >= leastOutlines)
    return isShown ? 'missing' : 'blank'
  }
  const unknown = count(text, /[\p{Co}\p{Cn}\uFFFD]/gu)
  if (page.controls > (characters + page.controls) * mostControls || unknown > characters * mostUnknown)
    return 'garbled'
  if (hasWrongLetters(text)) return 'garbled'
  return (drawing?.hiddenShare ?? 0) > 0.5 && isPoorlyRecognised(text) ? 'garbled' : 'good'
}

/** Letters with accents count as vowels: most are, and it is the others that would make it a wrong language. */
const vowel = /[aeiouyÀ-ÖØ-öø-\u024F\u1E00-\u1EFF]/gi

function hasWrongLetters(text: string): boolean {
  const latin = count(text, /\p{Script=Latin}/gu)
  if (latin >= enoughLetters && count(text, /[À-ÖØ-öø-ÿ]/g) > latin * mostAccented) return true
  const long = (text.match(/\p{Script=Latin}{4,}/gu) ?? []).join('')
  if (long.length >= enoughLetters && count(long, vowel) < long.length * fewestVowels) return true
  const words = text.match(/\S+/g) ?? []
  return words.length >= enoughWords && words.filter(mixesAlphabets).length > words.length * mostMixedWords
}

/** Greek letters stand in Latin words as units and symbols; Chinese, Japanese and Korean have no spaces around Latin. */
const alphabets = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Ethiopic}/u,
  /\p{Script=Cherokee}/u,
]

function mixesAlphabets(word: string): boolean {
  return alphabets.filter((alphabet) => alphabet.test(word)).length > 1
}

/** Share of the words. A scanner that is unsure parts words into letters and sees signs inside words. */
const mostSingleLetters = 0.25
const mostSigns = 0.1

function isPoorlyRecognised(text: string): boolean {
  const words = text.match(/\S+/g) ?? []
  if (words.length < enoughWords) return false
  const single = words.filter((word) => /^[b-hj-z]$/i.test(word)).length
  const signs = words.filter((word) => /\p{L}[^\p{L}\p{N}\p{M}\s'’‐–\-.,/&@:_()·]+\p{L}/u.test(word)).length
  return single > words.length * mostSingleLetters || signs > words.length * mostSigns
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
