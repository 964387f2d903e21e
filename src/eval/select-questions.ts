import { createHash } from 'node:crypto'

export const halves = ['a', 'b'] as const
export type Half = (typeof halves)[number]

/**
 * Chooses questions: one half, then the first `limit`. The halves depend on nothing but the ids, so that what was
 * chosen by looking at the one can be checked on the other.
 */
export function selectQuestions<T extends { id: string }>(
  questions: readonly T[],
  { half, limit = Number.POSITIVE_INFINITY }: { half?: Half | undefined; limit?: number | undefined },
): T[] {
  return questions.filter(({ id }) => half === undefined || halfOf(id) === half).slice(0, limit)
}

function halfOf(id: string): Half {
  const [first = 0] = createHash('sha256').update(id).digest()
  return first % 2 === 0 ? 'a' : 'b'
}
