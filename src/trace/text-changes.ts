import type { TextChange } from '../core/answer-replay.js'

/** Words and numbers whole, every other character by itself: Chinese by characters, Latin by words. */
const pieces = /[\p{Script=Latin}\p{M}\p{N}]+|[\s\S]/gu

/** Above this many comparisons what lies between common beginning and end counts as replaced whole. */
const mostComparisons = 4_000_000

/**
 * What changed from one text to the other, as the longest common subsequence of their words: joined, all stretches but
 * the new ones are `before` and all but the gone ones `after`. Neighbours are of different kinds.
 */
export function compareTexts(before: string, after: string): TextChange[] {
  const [a, b] = [before.match(pieces) ?? [], after.match(pieces) ?? []]
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const same = (text: string[]): TextChange => ({ kind: 'same', text: text.join('') })
  return joined([same(a.slice(0, start)), ...middle, same(a.slice(a.length - end))])
}

function between(a: readonly string[], b: readonly string[]): TextChange[] {
  if (a.length * b.length > mostComparisons) {
    return [
      { kind: 'gone', text: a.join('') },
      { kind: 'new', text: b.join('') },
    ]
  }
  const common = commonLengths(a, b)
  const width = b.length + 1
  const lengthAt = (i: number, j: number) => common[i * width + j] ?? 0
  const changes: TextChange[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      changes.push({ kind: 'same', text: left })
      i += 1
      j += 1
    } else if (left !== undefined && (right === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      changes.push({ kind: 'gone', text: left })
      i += 1
    } else if (right !== undefined) {
      changes.push({ kind: 'new', text: right })
      j += 1
    }
  }
  return changes
}

/** At `i * (b.length + 1) + j`: the length of the longest common subsequence of `a` from `i` on and `b` from `j` on. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j
      lengths[here] =
        a[i] === b[j]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0)
    }
  }
  return lengths
}

function joined(changes: readonly TextChange[]): TextChange[] {
  const result: TextChange[] = []
  for (const { kind, text } of changes) {
    const last = result.at(-1)
    if (text === '') continue
    if (last?.kind === kind) last.text += text
    else result.push({ kind, text })
  }
  return result
}
