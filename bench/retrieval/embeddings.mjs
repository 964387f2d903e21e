// Vectors of many texts, kept in a folder by content and model, so that a second run takes seconds.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clipToModel } from '../../dist/core/clip.js'

/** Texts in one file of the cache: what an interrupted run loses. */
const textsPerFile = 1000

/**
 * One vector for each text, in order, as one array of `texts.length * embedder.dimensions` floats. What is longer than
 * the model reads counts by its beginning.
 */
export async function embedAll(texts, { embedder, task, cacheDir }) {
  await mkdir(cacheDir, { recursive: true })
  const { dimensions } = embedder
  const vectors = new Float32Array(texts.length * dimensions)
  for (let from = 0; from < texts.length; from += textsPerFile) {
    const part = texts.slice(from, from + textsPerFile)
    vectors.set(await cached(part, { embedder, task, cacheDir }), from * dimensions)
  }
  return vectors
}

async function cached(texts, { embedder, task, cacheDir }) {
  const hash = createHash('sha256').update(JSON.stringify([embedder.fingerprint, task, texts]))
  const path = join(cacheDir, `${hash.digest('hex')}.f32`)
  const bytes = await readFile(path).catch(() => null)
  if (bytes !== null) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const clipped = await Promise.all(texts.map((text) => clipToModel(text, embedder)))
  const found = await embedder.embed(clipped, { task })
  const vectors = new Float32Array(texts.length * embedder.dimensions)
  for (const [at, vector] of found.entries()) vectors.set(vector, at * embedder.dimensions)
  await writeFile(`${path}.part`, vectors)
  await rename(`${path}.part`, path)
  return vectors
}
