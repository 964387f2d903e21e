import { isGarbledOf } from './garbled.mjs'
import { hiddenTexts } from './hidden-texts.mjs'
import { withoutSyntax } from './source-syntax.mjs'

/**
 * How a snippet was found, from the strictest on. Each but the first says what was left out of account, and was checked
 * for that file.
 */
export const ways = {
  found: 'as it is written, white space aside',
  recognised: 'with the recognised text of pictures between its parts',
  marks: 'with the numbers and bullets that the program draws',
  syntax:
    'by its letters and digits, without the syntax of its format (commas of CSV, # of Markdown, tags, header names)',
  scan: 'in the text of a scan, a few characters wrong',
  mojibake: 'the manifest has it in the wrong encoding: our text, garbled in the same way, holds it',
  order:
    'in passages of one page that stand apart or in another order: ours is that of reading (columns, rows of tables), not that of storage',
  words: 'all its words on one page, too short to tell more, in another order',
}
/** Why a snippet was not found. */
export const causes = {
  layer: 'the manifest has what stands in a garbled text layer, in place of which the page was recognised',
  nothing: 'it is only syntax: nothing that a reader sees',
  missing: 'not explained',
}

const pressed = (text) => text.normalize('NFKC').replace(/\s+/g, '')
/** The bars that part the cells of our tables are not in the file. */
const plain = (text) => pressed(text.replace(/(^|\s)\|(?=\s|$)/gm, '$1'))
/** Letters and digits: what punctuation, bullets and markup are made of does not count. */
const lettersOf = (text) =>
  text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

const han = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
const hanRuns = new RegExp(`[${han}]+`, 'gu')
const otherRuns = new RegExp(`[^${han}]+`, 'gu')

/** Words of letters and digits; of Chinese, Japanese and Korean each pair of characters. */
function* wordsOf(text) {
  const folded = text.normalize('NFKC').toLowerCase()
  for (const [run] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const [part] of run.matchAll(hanRuns))
      for (let at = 0; at + 2 <= part.length; at++) yield part.slice(at, at + 2)
    for (const [word] of run.matchAll(otherRuns)) yield word
  }
}

/** Share of a snippet's words that a text has; the last one may be cut off and does not count. */
function wordShare(snippet, text) {
  const there = new Set(wordsOf(text))
  const words = [...wordsOf(snippet)].slice(0, -1)
  return words.filter((word) => there.has(word)).length / Math.max(1, words.length)
}

/** Share of characters that may be wrong in recognised text. */
const mostWrong = 0.1

/** The least edits that make `snippet` a part of `text` (Sellers 1980), as a share of its length. */
function editShare(snippet, text) {
  let row = new Array(text.length + 1).fill(0)
  for (let i = 1; i <= snippet.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= text.length; j += 1)
      next[j] = Math.min(row[j - 1] + (snippet[i - 1] === text[j - 1] ? 0 : 1), row[j] + 1, next[j - 1] + 1)
    row = next
  }
  return Math.min(...row) / snippet.length
}

const drawnMark =
  /^\s*(?:[-•*]|[\d.]+[.)]|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.])\s+|^\s*[一二三四五六七八九十]{1,3}、/gm
/** Shorter passages may be there by chance; a character of Chinese says more than a letter. */
const isPassage = (letters) => letters.length >= (/\p{Script=Han}/u.test(letters) ? 3 : 6)
const mostInPassages = 0.9

/** Whether `letters` is made of passages of `whole`, in whatever order. */
function isMadeOf(whole, letters) {
  let inPassages = 0
  for (let at = 0; at < letters.length; ) {
    let end = at + 1
    while (end <= letters.length && whole.includes(letters.slice(at, end))) end += 1
    const passage = letters.slice(at, end - 1)
    if (isPassage(passage)) inPassages += passage.length
    at += Math.max(1, passage.length)
  }
  return letters !== '' && inPassages >= letters.length * mostInPassages
}

/** Letters and digits of a full page. What is found all over a book says nothing of where it should be. */
const pageLetters = 2400

/** A text in pieces of a page's length, each beginning in the middle of the one before. */
function* pagesOf(text) {
  for (let at = 0; at === 0 || at + pageLetters / 2 < text.length; at += pageLetters / 2)
    yield text.slice(at, at + pageLetters)
}

const someOf = (pieces, test) => {
  for (const piece of pieces) if (test(piece)) return true
  return false
}

/**
 * @param file `text` of what was read, `blocks`, the `path` of the file and its `format` (name's ending)
 * @returns `how`: a name of `ways` or `causes`; `share` of the words that are there
 */
export async function findSnippet(snippet, file) {
  // `...` in a snippet leaves something out.
  const parts = snippet.split(' ... ').filter((part) => part.trim() !== '')
  const hows = []
  for (const part of parts) hows.push(await findPart(part, file))
  const order = [...Object.keys(ways), ...Object.keys(causes)]
  return { how: hows.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0], share: wordShare(snippet, file.text) }
}

async function findPart(snippet, { text, blocks, path, format }) {
  const holds = (whole, part, by) => by(part) !== '' && by(whole).includes(by(part))
  if (holds(text, snippet, pressed) || holds(text, snippet, plain)) return 'found'
  const written = blocks.filter(({ kind }) => kind !== 'ocr').map((block) => block.text)
  const recognised = blocks.filter(({ kind }) => kind === 'ocr').map((block) => block.text)
  if (recognised.length > 0 && holds(written.join('\n'), snippet, plain)) return 'recognised'
  if (holds(text.replace(drawnMark, ''), snippet, plain)) return 'marks'
  const stripped = withoutSyntax(snippet, format)
  if (stripped.length > 0 && stripped.every((rest) => lettersOf(rest) === '')) return 'nothing'
  if ([snippet, ...stripped].some((rest) => holds(text, rest, lettersOf))) return 'syntax'
  if (recognised.length > 0 && editShare(lettersOf(snippet), lettersOf(recognised.join(' '))) <= mostWrong)
    return 'scan'
  if (isGarbledOf(snippet, text)) return 'mojibake'
  const hidden = await hiddenTexts(path)
  const shown = hidden.reduce((letters, each) => letters.replace(lettersOf(each), ''), lettersOf(snippet))
  const readings = [shown, ...stripped.map(lettersOf)]
  if (someOf(pagesOf(lettersOf(text)), (page) => readings.some((letters) => isMadeOf(page, letters)))) return 'order'
  if (someOf(pagesOf(text), (page) => wordShare(snippet, page) === 1)) return 'words'
  return recognised.length > 0 && written.length === 0 ? 'layer' : 'missing'
}
