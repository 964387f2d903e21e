/** Differences between two texts (Levenshtein), for each character of the first; white space and width do not count. */
export function characterErrorRate(expected: string, actual: string): number {
  const [from, to] = [[...folded(expected)], [...folded(actual)]]
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, character] of from.entries()) {
    const next = [index + 1]
    for (const [column, other] of to.entries()) {
      const replaced = (row[column] ?? 0) + (character === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return (row.at(-1) ?? 0) / from.length
}

/** Share of the words of the first text that the second has too. */
export function wordsFound(expected: string, actual: string): number {
  const left = new Map<string, number>()
  for (const word of wordsOf(actual)) left.set(word, (left.get(word) ?? 0) + 1)
  const words = wordsOf(expected)
  const found = words.filter((word) => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count > 0
  })
  return found.length / words.length
}

const folded = (text: string) => text.normalize('NFKC').replace(/\s/gu, '')
const wordsOf = (text: string) => text.normalize('NFKC').match(/\S+/gu) ?? []
