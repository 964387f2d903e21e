import type { Loss } from '../../core/types.js'

/** More places than this help nobody; the count still says how much there is. */
export const lossPlaces = 100

export interface LossList {
  /** @param page where it was lost; null where the format has no pages */
  add(kind: Loss['kind'], reason: string, page?: number | null): void
  /** One entry for each kind and reason, in the order in which they were met first. */
  readonly losses: Loss[]
}

/** Collects what a file holds that could not be read. */
export function lossList(): LossList {
  const found = new Map<string, { kind: Loss['kind']; reason: string; count: number; pages: Set<number> }>()
  return {
    add(kind, reason, page = null) {
      const key = `${kind}\n${reason}`
      const entry = found.get(key) ?? { kind, reason, count: 0, pages: new Set<number>() }
      entry.count += 1
      if (page !== null) entry.pages.add(page)
      found.set(key, entry)
    },
    get losses() {
      return [...found.values()].map(({ kind, reason, count, pages }) => ({
        kind,
        count,
        pages: [...pages].sort((one, other) => one - other).slice(0, lossPlaces),
        reason,
      }))
    },
  }
}
