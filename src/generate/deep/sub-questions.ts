/** Longest sub-question in characters; a longer one is no question. */
export const longestSubQuestion = 300

/**
 * The sub-questions of a model's reply that are worth looking into: on one line each, none of them twice, none that was
 * looked into before.
 */
export function freshSubQuestions(
  texts: readonly string[],
  { known, most }: { known: readonly string[]; most: number },
): string[] {
  const seen = new Set([...known.map(keyOf), ''])
  const fresh: string[] = []
  for (const text of texts) {
    const key = keyOf(text)
    if (!seen.has(key)) fresh.push(text.replace(/\s+/g, ' ').trim())
    seen.add(key)
  }
  return fresh.slice(0, most)
}

/** Whether two sub-questions ask for the same, but for spaces, punctuation, case and width. */
export function isSameQuestion(a: string, b: string): boolean {
  return keyOf(a) === keyOf(b)
}

function keyOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
