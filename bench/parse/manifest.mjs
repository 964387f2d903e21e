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
