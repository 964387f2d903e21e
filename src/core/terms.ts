import { stemmer } from 'stemmer'
import { foldShapes } from './fold.js'
import { withoutFunctionWords } from './function-words.js'

/** Part of the index's fingerprint: changes whenever the same text would have other terms in the index. */
export const termsVersion = '2'

/** Longest word kept; a longer run (encoded data, mostly) is cut here, in the index and in the query alike. */
const longestWord = 100

/**
 * Scripts written without spaces, as the inside of a class; a lone kana length mark (ー) and 〇 belong to the runs they
 * stand in.
 */
export const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Bopomofo}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ー'
const wordCharacter = `(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]`
const joiner = '[-_./\\\\×@&+:⁄]'
const runs = new RegExp(`([${unspaced}]+)|((?:${wordCharacter})+(?:${joiner}(?:${wordCharacter})+)*)`, 'gu')

/**
 * The words by which a text is found, repeated as often as they occur.
 *
 * - Scripts without spaces (Chinese, Japanese, Korean, Thai …) give overlapping pairs of characters; a character that
 *   stands alone gives itself. No dictionary is needed, and every word of two characters is found.
 * - Other words are lower-cased, and English ones stemmed (Porter: "An algorithm for suffix stripping", 1980). What is
 *   joined by `-` `_` `.` `/` `×` and the like is kept whole and split as well: `IH65-50-160` gives `ih65-50-160`,
 *   `ih65`, `50`, `160`.
 * - Widths, ligatures, radicals and traditional characters are folded, for matching only: never show a term.
 *
 * Takes any string, ill-formed UTF-16 included; the number of terms is at most three times the folded text's length.
 */
export function terms(text: string): string[] {
  return termsOf(foldShapes(text), pairs)
}

/**
 * The terms of a question that carry its subject: without question words, particles and auxiliaries. Each once. Empty
 * when the question has nothing else ("这是什么？").
 */
export function contentTerms(question: string): string[] {
  return [...new Set(termsOf(withoutFunctionWords(foldShapes(question)), pairs))]
}

/**
 * The tokens of the full-text index: the terms of a text and, of the scripts without spaces, each character as well.
 * Together they rank better than the pairs alone, or than words of a dictionary: see docs/benchmarks.md.
 */
export function indexTerms(text: string): string[] {
  return termsOf(foldShapes(text), pairsAndCharacters)
}

/**
 * What the full-text index is asked for, each once: the tokens of the question's subject, of all of it when it has
 * none. Everything given is a token of the index when the question is a part of an indexed text.
 */
export function queryTerms(question: string): string[] {
  const folded = foldShapes(question)
  const subject = termsOf(withoutFunctionWords(folded), pairsAndCharacters)
  return [...new Set(subject.length > 0 ? subject : termsOf(folded, pairsAndCharacters))]
}

function termsOf(folded: string, ofRun: (characters: string[]) => string[]): string[] {
  const found: string[] = []
  for (const [, run, word] of folded.toLowerCase().matchAll(runs)) {
    if (run !== undefined) for (const term of ofRun([...run])) found.push(term)
    else if (word !== undefined) pushWord(found, word)
  }
  return found
}

function pairs(characters: string[]): string[] {
  return characters.length === 1 ? characters : pairsOf(characters)
}

function pairsAndCharacters(characters: string[]): string[] {
  return [...characters, ...pairsOf(characters)]
}

function pairsOf(characters: string[]): string[] {
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`)
}

function pushWord(found: string[], word: string): void {
  const levels = [[word], word.split(/[-_/\\×@&+:⁄]/), word.split(/[-_./\\×@&+:⁄]/)]
  const seen = new Set<string>()
  for (const parts of levels) {
    // A part that no deeper split changed would count twice; a part that the word itself repeats counts each time.
    const fresh = parts.filter((part) => !seen.has(part))
    for (const part of fresh) found.push(stem(cut(part)))
    for (const part of parts) seen.add(part)
  }
}

function cut(word: string): string {
  return word.length <= longestWord ? word : word.slice(0, longestWord).replace(/[\uD800-\uDBFF]$/, '')
}

function stem(word: string): string {
  return /^[a-z]{3,}$/.test(word) ? stemmer(word) : word
}
