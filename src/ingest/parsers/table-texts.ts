import { oneLine } from './clean-text.js'

const rowsPerBlock = 20
/** A header longer than this costs more room in each block than it explains. */
const longestRepeatedHeader = 800

/**
 * The texts of a table's blocks: one line a row, cells joined by ` | `. A long table is split, and each part begins
 * with the header row, so that its rows can be understood alone. Empty rows and columns are left out.
 */
export function tableTexts(rows: readonly (readonly string[])[], { hasHeader = true } = {}): string[] {
  const used = usedColumns(rows)
  const texts: string[] = []
  let header: string | null = null
  let body: string[] = []
  const endBlock = () => {
    if (body.length > 0) texts.push((header === null ? body : [header, ...body]).join('\n'))
    body = []
  }
  // Line by line: a table may have a million rows.
  for (const [index, line] of lines(rows, used).entries()) {
    if (index === 0 && hasHeader && line.length <= longestRepeatedHeader) {
      header = line
      continue
    }
    body.push(line)
    if (body.length === rowsPerBlock) endBlock()
  }
  endBlock()
  return texts.length === 0 && header !== null ? [header] : texts
}

function usedColumns(rows: readonly (readonly string[])[]): boolean[] {
  const used: boolean[] = []
  for (const row of rows) {
    for (let column = 0; column < row.length; column += 1) {
      if (used[column] !== true) used[column] = oneLine(row[column] ?? '') !== ''
    }
  }
  return used
}

function lines(rows: readonly (readonly string[])[], used: readonly boolean[]): string[] {
  return rows.flatMap((row) => {
    const kept = row.filter((_, column) => used[column]).map(oneLine)
    while (kept.at(-1) === '') kept.pop()
    return kept.length === 0 ? [] : [kept.join(' | ').trim()]
  })
}
