export interface Pace {
  /** So much time went into so many units of work; `kept` is the share of what was added before that still counts. */
  add(seconds: number, work: { units: number; kept: number }): void
  /** Null while nothing is known. A unit that has taken `pending` seconds and is not done makes it slower, never faster. */
  secondsPerUnit(options?: { pending?: number }): number | null
}

/** Seconds per unit as a ratio of two sums that forget: one odd job does not upset it, unlike a mean of ratios. */
export function newPace(): Pace {
  let seconds = 0
  let units = 0
  return {
    add(moreSeconds, { units: moreUnits, kept }) {
      seconds = seconds * kept + moreSeconds
      units = units * kept + moreUnits
    },
    secondsPerUnit({ pending = 0 } = {}) {
      return units > 0 ? Math.max(seconds / units, (seconds + pending) / (units + 1)) : null
    },
  }
}
