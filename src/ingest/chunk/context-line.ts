export interface Context {
  title: string
  /** Outermost first. */
  headingPath: readonly string[]
  /** The caption of the table that a chunk starts inside of, and its header row. */
  caption?: string | null
  tableHeader?: string | null
}

/** Room for the context line, in tokens; estimated, and checked against real counts by who uses it. */
export const contextTokens = 64
const titleTokens = 20
/** Share of the room that is kept for the caption, and for the header row, of a table. */
const tablePart = 0.3
const separator = ' > '
/** More than any text has. */
const charactersPerToken = 16

/**
 * The line that stands before a chunk's text where it is embedded, so that a passage is found by what it is about:
 * title > headings, then a table's caption and header row. Shortened to about `maxTokens`: outer headings go first.
 */
export function contextLine(
  { title, headingPath, caption = null, tableHeader = null }: Context,
  { maxTokens = contextTokens }: { maxTokens?: number } = {},
): string {
  const headings = headingPath.filter((heading, index) => index > 0 || heading !== title)
  const below = [caption, tableHeader].filter((part) => part !== null)
  const reserved = Math.floor(maxTokens * tablePart)
  const path = [clip(title, Math.min(titleTokens, maxTokens))]
  let room = maxTokens - estimateTokens(path[0] ?? '') - below.length * reserved
  for (const heading of [...headings].reverse()) {
    const fits = clip(heading, room - 2)
    if (fits === '') break
    path.splice(1, 0, fits)
    room -= estimateTokens(fits) + 2
  }
  const lines = [path.filter((part) => part !== '').join(separator)]
  for (const part of below) {
    const fits = clip(part, Math.max(0, room) + reserved)
    room -= estimateTokens(fits) - reserved
    lines.push(fits)
  }
  return lines.filter((line) => line !== '').join('\n')
}

/** Tokens of a text, roughly and rather too many: one a Chinese character or mark, one for three letters or digits. */
export function estimateTokens(text: string): number {
  const letters = text.match(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]+/gu) ?? []
  const inWords = letters.reduce((total, word) => total + word.length, 0)
  const words = letters.reduce((total, word) => total + Math.ceil(word.length / 3), 0)
  return words + text.replace(/\s/g, '').length - inWords
}

function clip(text: string, maxTokens: number): string {
  // A heading may be as long as a file.
  const beginning = text.slice(0, Math.max(0, maxTokens) * charactersPerToken)
  if (beginning === text && estimateTokens(text) <= maxTokens) return text
  let clipped = ''
  for (const character of beginning) {
    if (estimateTokens(`${clipped}${character}`) > maxTokens - 1) break
    clipped += character
  }
  return clipped === '' ? '' : `${clipped.trimEnd()}…`
}
