import { terms } from '../core/terms.js'

/** Two things of which one became the other; or one that has no counterpart. */
export type Pair<T> = { before: T; after: T } | { before: T; after: null } | { before: null; after: T }

/**
 * Pairs each item with at most one of the other list: by the first rule that any two satisfy, then by the next. Items
 * that stay alone come last, in their order, those of before first.
 */
export function pairUp<T>(
  before: readonly T[],
  after: readonly T[],
  rules: readonly ((a: T, b: T) => boolean)[],
): Pair<T>[] {
  const [left, right] = [new Set(before.keys()), new Set(after.keys())]
  const pairs: { at: number; pair: Pair<T> }[] = []
  for (const rule of rules) {
    for (const i of [...left]) {
      const a = before[i]
      const j = [...right].find((candidate) => {
        const b = after[candidate]
        return a !== undefined && b !== undefined && rule(a, b)
      })
      const b = j === undefined ? undefined : after[j]
      if (a === undefined || j === undefined || b === undefined) continue
      left.delete(i)
      right.delete(j)
      pairs.push({ at: i, pair: { before: a, after: b } })
    }
  }
  return [
    ...pairs.sort((a, b) => a.at - b.at).map(({ pair }) => pair),
    ...before.filter((_, i) => left.has(i)).map((item) => ({ before: item, after: null })),
    ...after.filter((_, j) => right.has(j)).map((item) => ({ before: null, after: item })),
  ]
}

/** Whether at least half of the words of two texts are the same: one is likely the other, revised. By Dice's measure. */
export function isRevision(a: string, b: string): boolean {
  const [left, right] = [new Set(terms(a)), new Set(terms(b))]
  if (left.size + right.size === 0) return false
  const shared = [...left].filter((term) => right.has(term)).length
  return (2 * shared) / (left.size + right.size) >= 0.5
}
