/** Widths, case, marks and white space do not count, nor do the numbers of citations. */
function folded(text: string): string {
  return withoutMarkers(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, '')
}

function withoutMarkers(text: string): string {
  return text.replace(/\[\d+\]/g, ' ')
}

/** Whether a text holds the short answer: widths, case and white space do not count. */
export function contains(text: string, answer: string): boolean {
  const loose = (value: string) => value.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
  return loose(text).includes(loose(answer))
}

/** Whether a text is the short answer and nothing else. */
export function isExact(text: string, answer: string): boolean {
  return folded(text) === folded(answer)
}

/**
 * Harmonic mean of the shares of shared tokens in text and answer (Rajpurkar et al.: "SQuAD", EMNLP 2016); Chinese
 * counts by character, as in the evaluation of CMRC 2018 (Cui et al., EMNLP 2019).
 */
export function tokenF1(text: string, answer: string): number {
  const said = tokens(text)
  const expected = tokens(answer)
  const left = new Map<string, number>()
  for (const token of expected) left.set(token, (left.get(token) ?? 0) + 1)
  let shared = 0
  for (const token of said) {
    const count = left.get(token) ?? 0
    if (count > 0) shared += 1
    left.set(token, count - 1)
  }
  if (shared === 0) return said.length === 0 && expected.length === 0 ? 1 : 0
  const precision = shared / said.length
  const recall = shared / expected.length
  return (2 * precision * recall) / (precision + recall)
}

/** Chinese characters one by one, other letters and digits by the run. */
function tokens(text: string): string[] {
  return (
    withoutMarkers(text)
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{Script=Han}|[\p{Script=Hiragana}\p{Script=Katakana}]|[\p{Script=Latin}\p{M}\p{N}]+|\p{L}+/gu) ?? []
  )
}
