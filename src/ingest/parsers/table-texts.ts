import { oneLine } from './clean-text.js'

const rowsPerBlock = 20
/** A header longer than this costs more room in each block than it explains. */
const longestRepeatedHeader = 800

/**
 * The texts of a table's blocks: one line a row, cells joined by ` | `. A long table is split, and each part begins
 * with the header row, so that its rows can be understood alone. Empty rows and columns are left out.
 */
export function tableTexts(rows: readonly (readonly string[])[], { hasHeader = true } = {}): string[] {
  const lines = rowLines(rows)
  const [header, ...body] = lines
  if (header === undefined) return []
  if (!hasHeader || header.length > longestRepeatedHeader || body.length === 0) return grouped(lines)
  return grouped(body).map((text) => `${header}\n${text}`)
}

function rowLines(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(oneLine)).filter((row) => row.some((cell) => cell !== ''))
  const width = cells.reduce((widest, row) => Math.max(widest, row.length), 0)
  const used = Array.from({ length: width }, (_, column) => cells.some((row) => (row[column] ?? '') !== ''))
  return cells.map((row) => {
    const kept = row.filter((_, column) => used[column])
    while (kept.at(-1) === '') kept.pop()
    return kept.join(' | ').trim()
  })
}

function grouped(lines: readonly string[]): string[] {
  const groups: string[] = []
  for (let start = 0; start < lines.length; start += rowsPerBlock) {
    groups.push(lines.slice(start, start + rowsPerBlock).join('\n'))
  }
  return groups
}
