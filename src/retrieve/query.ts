import type { WordConditions } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'

export interface Query {
  /** What is embedded and searched by words: the question without its operators and without what it leaves out. */
  text: string
  /** What passages must hold and must not; every list is empty for a plain question. */
  words: WordConditions
}

/** Most of each kind: every one is looked for in every passage. Code that was pasted has many quotes and means none. */
const mostConditions = 16

const letter = '[\\p{L}\\p{M}\\p{N}]'
const word = `${letter}+(?:[-_./\\\\×@&+:'’]${letter}+)*`
const quoted = `"([^"\\n]*${letter}[^"\\n]*)"`
const start = '(?<=^|\\s)'
const titled = '(?:title|标题|標題)[:：]'

/**
 * A quote behind a Latin letter or a number stands for inches or closes something; a hyphen inside of a word belongs to
 * the word, one before a number is a minus, and one before a single Latin letter is a switch such as `-v`.
 */
const operators = new RegExp(
  [
    `${start}-${quoted}`,
    `${start}-(?=\\p{L})(?![A-Za-z](?!${letter}))(${word})`,
    `${start}${titled}${quoted}`,
    `${start}${titled}(${word})`,
    `(?<![\\p{sc=Latin}\\p{N}"])${quoted}`,
  ].join('|'),
  'giu',
)
const excludedTitle = new RegExp(`${start}-${titled}(?:${quoted}|${word})`, 'iu')

/**
 * Takes the operators out of a question: `"two words"` a passage must hold, `-word` and `-"two words"` it must not, and
 * `title:word` and `title:"two words"` (标题：too) its document's title or one of its headings must hold. A question
 * without operators comes back as it is; quotes without a partner are text.
 * @throws InkstoneError `invalid_request` when nothing is left to look for, or too much is left out
 */
export function parseQuery(question: string): Query {
  if (excludedTitle.test(question)) {
    throw new InkstoneError('invalid_request', 'a title cannot be left out by "-title:"', {
      remedy: 'use a filter, such as {"not": {"field": "title", "eq": "…"}}',
    })
  }
  const words: WordConditions = { phrases: [], excluded: [], titles: [] }
  const replaced = question.replace(operators, (whole: string, ...groups: (string | undefined)[]) => {
    const [excludedPhrase, excludedWord, titlePhrase, titleWord, phrase] = groups
      .slice(0, 5)
      .map((text) => text?.trim())
    const excluded = excludedPhrase ?? excludedWord
    if (excluded !== undefined) {
      words.excluded.push(excluded)
      return ''
    }
    const title = titlePhrase ?? titleWord
    if (title !== undefined) words.titles.push(title)
    else if (phrase !== undefined) words.phrases.push(phrase)
    return title ?? phrase ?? whole
  })
  if (words.phrases.length > mostConditions) words.phrases = []
  const isPlain = replaced === question
  const text = isPlain ? question : replaced.replace(/[^\S\n]{2,}/gu, ' ').trim()
  refuseUnusable(text, words)
  return { text, words }
}

function refuseUnusable(text: string, { excluded, titles }: WordConditions): void {
  if (Math.max(excluded.length, titles.length) > mostConditions) {
    throw new InkstoneError('invalid_request', `more than ${mostConditions} words are left out or asked of the title`, {
      remedy: 'use fewer of -word and title:word',
    })
  }
  if (excluded.length > 0 && !/[\p{L}\p{N}]/u.test(text)) {
    throw new InkstoneError('invalid_request', 'the question says only what must not be found', {
      remedy: 'say what to look for as well, such as: pump -valve',
    })
  }
}
