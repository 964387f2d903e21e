import { joinsWithoutSpace } from './pdf-lines.js'

/** Stands at a line's end where the file has a soft hyphen: one that is there only because the line ends. */
export const softHyphen = '\u2010'

/**
 * Joins a wrapped line to the one before it. Chinese goes on without a space. A hyphen at the end of a Latin line parted
 * a word, unless it belongs to the word: after a single letter, in a chain of hyphens, before a capital, or where the
 * document writes that word with a hyphen inside a line too.
 * @param compounds words with a hyphen as they stand inside lines, in lower case
 */
export function joinLines(
  before: string,
  after: string,
  { compounds }: { compounds?: ReadonlySet<string> } = {},
): string {
  if (before.endsWith(softHyphen)) return `${before.slice(0, -1)}${after}`
  if (/\p{L}-$/u.test(before) && /^\p{L}/u.test(after)) {
    const start = /[\p{L}\p{N}-]*-$/u.exec(before)?.[0] ?? ''
    const word = `${start}${/^\p{L}+/u.exec(after)?.[0] ?? ''}`
    const isParted = /^\p{L}*\p{Ll}-\p{Ll}+$/u.test(word) && start.length > 2
    const isCompound = compounds?.has(word.toLowerCase()) ?? false
    return isParted && !isCompound ? `${before.slice(0, -1)}${after}` : `${before}${after}`
  }
  return joinsWithoutSpace(before, after) ? `${before}${after}` : `${before} ${after}`
}

/** The words with a hyphen that stand inside lines, in lower case. */
export function compoundsOf(lines: readonly { text: string }[]): Set<string> {
  return new Set(lines.flatMap(({ text }) => text.toLowerCase().match(/\p{L}+(?:-\p{L}+)+/gu) ?? []))
}
