export interface Context {
  title: string
  /** Outermost first. */
  headingPath: readonly string[]
  /** The header row of the table that a chunk starts inside of. */
  tableHeader?: string | null
}

/** Room for the context line, in tokens; estimated, and checked against real counts by who uses it. */
export const contextTokens = 64
const titleTokens = 20
const separator = ' > '

/**
 * The line that stands before a chunk's text where it is embedded, so that a passage is found by what it is about:
 * title > headings, then a table's header row. Shortened to about `maxTokens`: outer headings go first.
 */
export function contextLine(
  { title, headingPath, tableHeader = null }: Context,
  { maxTokens = contextTokens }: { maxTokens?: number } = {},
): string {
  const clippedTitle = clip(title, Math.min(titleTokens, maxTokens))
  const headings = headingPath.filter((heading, index) => index > 0 || heading !== title)
  const forHeader = tableHeader === null ? 0 : Math.floor(maxTokens / 3)
  const kept: string[] = []
  let room = maxTokens - forHeader - estimateTokens(clippedTitle)
  for (const heading of [...headings].reverse()) {
    const fits = clip(heading, room - 2)
    if (fits === '') break
    kept.unshift(fits)
    room -= estimateTokens(fits) + 2
  }
  const path = [clippedTitle, ...kept].filter((part) => part !== '').join(separator)
  const header = tableHeader === null ? '' : clip(tableHeader, Math.max(forHeader, room + forHeader))
  return [path, header].filter((part) => part !== '').join('\n')
}

/** Tokens of a text, roughly and rather too many: one a Chinese character or mark, one for three letters or digits. */
export function estimateTokens(text: string): number {
  const letters = text.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]+/gu) ?? []
  const inWords = letters.reduce((total, word) => total + word.length, 0)
  const words = letters.reduce((total, word) => total + Math.ceil(word.length / 3), 0)
  return words + text.replace(/\s/g, '').length - inWords
}

function clip(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text
  let clipped = ''
  for (const character of text) {
    if (estimateTokens(`${clipped}${character}`) > maxTokens - 1) break
    clipped += character
  }
  return clipped === '' ? '' : `${clipped.trimEnd()}…`
}
