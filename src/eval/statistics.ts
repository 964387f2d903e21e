/** The smallest value that at least `share` of the values do not exceed (nearest rank); 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** 0 of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length
}

export interface BootstrapResult {
  /** Mean of the second series less that of the first. */
  difference: number
  /** The 95 % interval of the difference. */
  low: number
  high: number
  /** How likely so large a difference, either way, is by chance. */
  p: number
}

/**
 * Whether a change is real: paired bootstrap over the questions. The interval is the percentile interval of the mean
 * difference; `p` comes from the differences shifted to mean 0 (Efron, Tibshirani: "An Introduction to the Bootstrap",
 * 1993, chapters 13 and 16; for retrieval: Sakai, "Evaluating Evaluation Metrics based on the Bootstrap", SIGIR 2006).
 * The same series always give the same result.
 * @param before value of each question in the one run
 * @param after value of the same question in the other
 */
export function pairedBootstrap(
  before: readonly number[],
  after: readonly number[],
  { resamples = 10_000, seed = 20_260_101 }: { resamples?: number; seed?: number } = {},
): BootstrapResult {
  const differences = Float64Array.from(before, (value, index) => (after[index] ?? 0) - value)
  const count = differences.length
  const difference = mean([...differences])
  if (differences.every((value) => value === differences[0])) {
    return { difference, low: difference, high: difference, p: difference === 0 ? 1 : 1 / (resamples + 1) }
  }
  const random = randomSequence(seed)
  const means = new Float64Array(resamples)
  for (let sample = 0; sample < resamples; sample += 1) {
    let total = 0
    for (let draw = 0; draw < count; draw += 1) total += differences[Math.floor(random() * count)] ?? 0
    means[sample] = total / count
  }
  // Shifting every difference by a constant shifts each mean by it: one set of resamples serves both.
  const asLarge = means.filter((value) => Math.abs(value - difference) >= Math.abs(difference) - 1e-12).length
  means.sort()
  const at = (share: number) => means[Math.min(resamples - 1, Math.floor(share * resamples))] ?? difference
  return { difference, low: at(0.025), high: at(0.975), p: (asLarge + 1) / (resamples + 1) }
}

/** Numbers from 0 to 1, the same for the same seed above 0: Marsaglia, "Xorshift RNGs", J. Stat. Software 8 (2003). */
function randomSequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
