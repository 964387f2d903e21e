import { withoutRadicals } from './radicals.js'

/** Longest word kept; a longer run (encoded data, mostly) is cut here, in the index and in the query alike. */
const longestWord = 100

/** Scripts written without spaces; a lone kana length mark (ー) and 〇 belong to the runs they stand in. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Bopomofo}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ー'
const wordCharacter = `(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]`
const joiner = '[-_./\\\\×@&+:⁄]'
const runs = new RegExp(`([${unspaced}]+)|((?:${wordCharacter})+(?:${joiner}(?:${wordCharacter})+)*)`, 'gu')

/**
 * The words by which a text is found, repeated as often as they occur: the tokens of the full-text index and of its
 * queries.
 *
 * - Scripts without spaces (Chinese, Japanese, Korean, Thai …) give overlapping pairs of characters; a character that
 *   stands alone gives itself. No dictionary is needed, and every word of two characters is found.
 * - Other words are lower-cased and lose an English plural s. What is joined by `-` `_` `.` `/` `×` and the like is kept
 *   whole and split as well: `IH65-50-160` gives `ih65-50-160`, `ih65`, `50`, `160`.
 * - Widths, ligatures and radicals are folded (Unicode NFKC), for matching only: never show a term.
 *
 * Takes any string, ill-formed UTF-16 included; the number of terms is at most three times the folded text's length.
 */
export function terms(text: string): string[] {
  const found: string[] = []
  for (const [, unspacedRun, word] of fold(text).matchAll(runs)) {
    if (unspacedRun !== undefined) pushPairs(found, unspacedRun)
    else if (word !== undefined) pushWord(found, word)
  }
  return found
}

/**
 * The terms of a question that carry its subject: without question words, particles and auxiliaries. Each once. Empty
 * when the question has nothing else ("这是什么？").
 */
export function contentTerms(question: string): string[] {
  const subject = fold(question).replace(functionWords, (match, kept: string | undefined) => kept ?? (match && ' '))
  return [...new Set(terms(subject))]
}

/** Folds what looks alike: NFKC, lower case, radicals, dashes, and the × of sizes such as `M12x1.75`. */
function fold(text: string): string {
  return withoutRadicals(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‐‑‒–−]/g, '-')
    .replace(/(?<=\d)[x✕✖*](?=\d)/g, '×')
}

function pushPairs(found: string[], run: string): void {
  const characters = [...run]
  const [first] = characters
  if (first !== undefined && characters.length === 1) found.push(first)
  let previous: string | undefined
  for (const character of characters) {
    if (previous !== undefined) found.push(previous + character)
    previous = character
  }
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

/** Harman's S stemmer ("How effective is suffixing?", JASIS 42(1), 1991): plurals only, words of letters only. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+s$/.test(word)) return word
  if (word.endsWith('ies') && !/[ea]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (word.endsWith('es') && !/[aeo]es$/.test(word)) return word.slice(0, -1)
  return /[us]s$/.test(word) ? word : word.slice(0, -1)
}

/**
 * Words that ask or bind. Single characters are few, because they also stand inside words; the words in which they do
 * so most often come first, in `kept`, and stay.
 */
const functionWords = (() => {
  const kept =
    '目的|标的|的确|的士|了解|了结|明了|为了|是非|国是|吗啡|呢绒|和平|和谐|饱和|总和|中和|温和|与会|参与|给与|及格|普及|涉及'
  const asking =
    '是什么|为什么|什么时候|什么样|什么|怎么样|怎么办|怎么|怎样|如何|为何|多少|多久|多长|多大|多高|几个|哪些|哪个|哪里|哪儿|哪种|哪|谁|何时|何处|是否|能否|可否|有没有|是不是|能不能'
  const binding = '请问|请|以及|或者|还是|我们|你们|这个|那个|这些|那些|的|了|吗|呢|吧|啊|是|和|与|及'
  const english =
    "a|an|the|is|are|was|were|be|been|do|does|did|can|could|should|would|will|may|must|has|have|had|what|which|who|whom|whose|when|where|why|how|of|in|on|at|to|for|from|by|with|and|or|if|it|its|this|that|these|those|there|i|you|we|they|my|your|our|me|us|please|tell|much|many|what's|who's|it's"
  const alone = '[\\p{L}\\p{M}\\p{N}_-]'
  return new RegExp(`(${kept})|${asking}|${binding}|(?<!${alone})(?:${english})(?!${alone})`, 'gu')
})()
