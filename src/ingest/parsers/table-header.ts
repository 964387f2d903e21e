const searchedForHeader = 10
/** A name of a column is short: a longer cell is what a row says. */
const longestName = 100
const numeric = /^[-+(]*\s*[¥￥$€£]?\s*[-+]?[\d.,]*\d[\d.,]*(?:E[-+]?\d+)?\s*%?\)?$/i
const period = /^(?:19|20)\d\d(?:$|\s*年(?:\d{1,2}月)?$|[-/.]\d{1,2}(?:[-/.]\d{1,2})?$)/

/**
 * The first row that names its columns: as many filled cells as the widest row (a nameless index column aside), short and
 * none of them a number. Years and dates may head columns of other values. Rows above it are the table's title.
 * @returns the row's index, -1 when the table has no header
 */
export function headerIndex(rows: readonly (readonly string[])[]): number {
  const first = rows.slice(0, searchedForHeader)
  const width = first.reduce((widest, row) => Math.max(widest, filledCells(row).length), 0)
  const index = first.findIndex((row) => filledCells(row).length >= Math.max(1, width - (width > 2 ? 1 : 0)))
  const candidate = first[index]
  if (candidate === undefined || rows.length < 2) return -1
  return namesColumns(candidate, rows[index + 1] ?? []) ? index : -1
}

/** Whether a row holds names, seen against the row below it. */
export function namesColumns(row: readonly string[], below: readonly string[]): boolean {
  const cells = row.map((cell) => cell.trim())
  const isName = (cell: string, column: number) => {
    if (cell.length > longestName) return false
    if (period.test(cell)) return !period.test((below[column] ?? '').trim())
    return !numeric.test(cell)
  }
  return cells.every(isName) && cells.some((cell) => cell !== '' && !period.test(cell))
}

/** Whether a cell holds an amount, as against a word. */
export function isNumeric(cell: string): boolean {
  return numeric.test(cell.trim())
}

/** Header rows that stand above each other as one: `2023` over `H1` becomes `2023 H1`, unless that gets too long. */
export function joinHeader(rows: readonly (readonly string[])[]): string[] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    const parts = [...new Set(filledCells(rows.map((row) => row[column] ?? '')))]
    const joined = parts.join(' ')
    return joined.length > longestName ? (parts.at(-1) ?? '') : joined
  })
}

/** The cells of a row that are not empty. */
export function filledCells(row: readonly string[]): string[] {
  return row.filter((cell) => cell.trim() !== '')
}
