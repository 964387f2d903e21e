/** What a path looks like at a moment: the same text twice means that nothing was written in between. */
export type Look = (path: string) => Promise<string>

/** What a path without anything at it looks like. */
export const absent = 'absent'

/** Paths that changed, kept until they are still. Times are milliseconds on one clock. */
export interface Settling {
  add(path: string, now: number): void
  size(): number
  /**
   * Takes out what is ready. That is everything at once, so that both ends of a renaming are dealt with together; but
   * once something has waited for too long beside a file that is written to all the time, what is still and there.
   */
  take(now: number): Promise<string[]>
}

interface Unsettled {
  addedAt: number
  changedAt: number
  look: string | null
}

export function settling({
  look,
  settleMs,
  mostMs = settleMs * 10,
}: {
  look: Look
  settleMs: number
  mostMs?: number
}): Settling {
  const paths = new Map<string, Unsettled>()

  async function isStill(path: string, state: Unsettled, now: number): Promise<boolean> {
    if (state.look !== null && now - state.changedAt < settleMs) return false
    const before = state.look
    state.look = await look(path)
    if (state.look === before) return true
    if (before !== null) state.changedAt = now
    return false
  }

  return {
    add(path, now) {
      paths.set(path, { addedAt: paths.get(path)?.addedAt ?? now, changedAt: now, look: null })
    },
    size: () => paths.size,
    async take(now) {
      const still: string[] = []
      for (const [path, state] of [...paths]) if (await isStill(path, state, now)) still.push(path)
      const isLate = [...paths.values()].some(({ addedAt }) => now - addedAt >= mostMs)
      const ready =
        still.length === paths.size ? still : isLate ? still.filter((path) => paths.get(path)?.look !== absent) : []
      for (const path of ready) paths.delete(path)
      return ready
    },
  }
}
