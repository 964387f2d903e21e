/**
 * Makes one vector of a text's token vectors.
 * @param hidden token vectors one after the other, `tokens × dimensions` floats, without padding
 * @param options.pooling `cls` takes the first token's vector, `mean` the average of all
 */
export function poolTokens(
  hidden: Float32Array,
  { pooling, dimensions }: { pooling: 'cls' | 'mean'; dimensions: number },
): Float32Array<ArrayBuffer> {
  if (pooling === 'cls') return hidden.slice(0, dimensions)
  const tokens = hidden.length / dimensions
  const mean = new Float64Array(dimensions)
  for (let index = 0; index < hidden.length; index += 1) {
    const dimension = index % dimensions
    mean[dimension] = (mean[dimension] ?? 0) + (hidden[index] ?? 0)
  }
  return Float32Array.from(mean, (sum) => sum / tokens)
}

/** The vector scaled to length 1, in place; null when it has no direction or is not finite. */
export function normalise<Buffer extends ArrayBufferLike>(vector: Float32Array<Buffer>): Float32Array<Buffer> | null {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  if (!Number.isFinite(norm) || norm === 0) return null
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / norm
  return vector
}
