// Exact nearest neighbours by inner product.
import { top } from './bm25.mjs'

/** Questions at a time: their scores for all passages are held at once. */
const atOnce = 64

/** @returns for each question the `limit` nearest passages as `[{ at, score }]`, best first */
export function nearest(questions, passages, { dimensions, limit }) {
  const rows = passages.length / dimensions
  const everyPlace = Array.from({ length: rows }, (_, at) => at)
  const lists = []
  for (let from = 0; from < questions.length / dimensions; from += atOnce) {
    const some = Math.min(atOnce, questions.length / dimensions - from)
    const scores = Array.from({ length: some }, () => new Float64Array(rows))
    for (let at = 0; at < rows; at += 1) {
      const passage = passages.subarray(at * dimensions, (at + 1) * dimensions)
      for (let one = 0; one < some; one += 1) {
        const start = (from + one) * dimensions
        let sum = 0
        for (let i = 0; i < dimensions; i += 1) sum += questions[start + i] * passage[i]
        scores[one][at] = sum
      }
    }
    for (const each of scores) lists.push(top(everyPlace, each, limit))
  }
  return lists
}
