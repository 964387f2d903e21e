import { readFile } from 'node:fs/promises'

/**
 * A table of files with the text that must be found in them: tab-separated with a header, fields with quotes doubled.
 * @returns by file name: `snippet` (null where there is none) and the `passwords` to open it with
 */
export async function readManifest(path) {
  const [header = [], ...rows] = (await readFile(path, 'utf8'))
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split('\t').map(unquoted))
  const nameAt = header.indexOf('path')
  const snippetAt = header.findIndex((name) => /^expect/.test(name))
  if (nameAt === -1 || snippetAt === -1) throw new Error(`${path} has no columns "path" and "expect"`)
  return new Map(rows.map((row) => [row[nameAt], expectation(row[snippetAt] ?? '')]))
}

const unquoted = (field) => (/^".*"$/s.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field)

/**
 * Words in brackets describe. After `[… reads:]` and `[with password x or y:]` stands the text itself; other words in
 * brackets at the beginning say that there is none to look for.
 */
export function expectation(field) {
  const [, note, text] = /^\[([^\]]*)\]\s*(.*)$/s.exec(field.trim()) ?? []
  if (note === undefined) return { snippet: field.trim() || null, passwords: [] }
  const [, words] = /^with (?:password )?(.+):$/.exec(note) ?? []
  if (words !== undefined) return { snippet: text || null, passwords: words.split(/ or /).map((word) => word.trim()) }
  return /reads:$/.test(note) && text ? { snippet: text, passwords: [] } : { snippet: null, passwords: [] }
}

/** White space aside, and the bars that part the cells of a table. */
const pressed = (text) => text.normalize('NFKC').replace(/[\s|]+/g, '')
/** Letters and digits: what punctuation, bullets and markup are made of does not count. */
const lettersOf = (text) =>
  text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()

/** Words of letters and digits; of Chinese, Japanese and Korean each pair of characters. */
function* wordsOf(text) {
  for (const [run] of text
    .normalize('NFKC')
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const [part] of run.matchAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|./gu)) {
      if (part.length > 1) for (let at = 0; at + 2 <= part.length; at++) yield part.slice(at, at + 2)
    }
    for (const [word] of run.matchAll(/[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu))
      yield word
  }
}

/** The last word of a snippet may be cut: it does not count. */
const wholeWords = (snippet) => [...wordsOf(snippet)].slice(0, -1)
const mostWords = 0.95

/**
 * How a snippet is found in a text: `found` as it is written, white space aside; `letters` by its letters and digits;
 * `words` when nearly all of its words are there, in another order; else `missing`. `share`: of its words that are there.
 */
export function findSnippet(snippet, text) {
  const there = new Set(wordsOf(text))
  const words = wholeWords(snippet)
  const share = words.filter((word) => there.has(word)).length / Math.max(1, words.length)
  if (pressed(text).includes(pressed(snippet))) return { how: 'found', share: 1 }
  const letters = lettersOf(snippet)
  if (letters !== '' && lettersOf(text).includes(letters)) return { how: 'letters', share: 1 }
  return { how: share >= mostWords ? 'words' : 'missing', share }
}
