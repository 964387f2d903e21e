export interface Example {
  features: readonly number[]
  label: boolean
}

export interface Logistic {
  bias: number
  /** One for each feature, in its own unit. */
  weights: number[]
}

/** Newton's method doubles the right digits with every step; it has arrived long before. */
const steps = 25

/**
 * Ridge regression with a logistic link (le Cessie, van Houwelingen: "Ridge estimators in logistic regression", 1992),
 * fitted by Newton's method on standardised features. Both labels weigh the same, however many each has.
 * @param ridge penalty on the square of each standardised weight; the bias has none
 */
export function fitLogistic(examples: readonly Example[], { ridge }: { ridge: number }): Logistic {
  const width = examples[0]?.features.length ?? 0
  const scales = Array.from({ length: width }, (_, at) => scaleOf(examples.map(({ features }) => features[at] ?? 0)))
  const rows = examples.map(({ features, label }) => {
    return { label, values: [1, ...scales.map(({ mean, deviation }, at) => ((features[at] ?? 0) - mean) / deviation)] }
  })
  const share = rows.filter(({ label }) => label).length / rows.length
  let weights: number[] = Array.from({ length: width + 1 }, () => 0)
  for (let step = 0; step < steps; step += 1) {
    const gradient = weights.map((weight, at) => (at === 0 ? 0 : -ridge * weight))
    const hessian = weights.map((_, i) => weights.map((__, j) => (i !== j ? 0 : i === 0 ? 1e-9 : ridge)))
    for (const { label, values } of rows) {
      const importance = 0.5 / (label ? share : 1 - share)
      const p = sigmoid(dot(weights, values))
      for (const [i, value] of values.entries()) {
        gradient[i] = (gradient[i] ?? 0) + importance * (Number(label) - p) * value
        const line = hessian[i]
        if (line)
          for (const [j, other] of values.entries()) line[j] = (line[j] ?? 0) + importance * p * (1 - p) * value * other
      }
    }
    const change = solve(hessian, gradient)
    weights = weights.map((weight, at) => weight + (change[at] ?? 0))
  }
  const own = scales.map(({ deviation }, at) => (weights[at + 1] ?? 0) / deviation)
  return {
    bias: (weights[0] ?? 0) - scales.reduce((sum, { mean }, at) => sum + (own[at] ?? 0) * mean, 0),
    weights: own,
  }
}

/** A feature that never changes has no weight: its deviation is taken as 1. */
function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { mean, deviation: deviation < 1e-12 ? 1 : deviation }
}

/** Gaussian elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, vector[at] ?? 0])
  for (let column = 0; column < rows.length; column += 1) {
    const [pivot] = rows.slice(column).sort((a, b) => Math.abs(b[column] ?? 0) - Math.abs(a[column] ?? 0))
    if (pivot === undefined) break
    rows.splice(rows.indexOf(pivot), 1)
    rows.splice(column, 0, pivot)
    for (const [at, row] of rows.entries()) {
      if (at === column) continue
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1)
      rows[at] = row.map((value, index) => value - factor * (pivot[index] ?? 0))
    }
  }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1))
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}
