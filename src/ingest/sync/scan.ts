import { createHash } from 'node:crypto'
import { InkstoneError } from '../../core/errors.js'
import type { Problem } from '../../core/job.js'
import { type Discovered, discover } from './discover.js'
import type { IgnoreReason } from './ignore.js'
import { merge } from './merge.js'
import type { FoundFile } from './plan.js'
import { bySourceUri, sourceUriOf } from './source-uri.js'
import { openForReading, unreadableFile } from './steady-bytes.js'

/** What lies below some roots. */
export interface Scanned {
  found: FoundFile[]
  /** Files and folders that could not be looked at. */
  unreadable: { sourceUri: string; problem: Problem }[]
  /** Files and folders that were passed over, by path as a sourceUri. */
  ignored: Map<string, IgnoreReason>
}

const filesHashedAtATime = 4

/**
 * Finds and hashes the files below roots.
 * @param options.only look at these paths only
 * @throws InkstoneError `not_found` when a root is not there, `cancelled`
 */
export async function scan(
  roots: readonly string[],
  options: { only?: readonly string[]; signal?: AbortSignal } = {},
): Promise<Scanned> {
  const scanned: Scanned = { found: [], unreadable: [], ignored: new Map() }
  const named = new Set(roots)
  const files = discover(roots, {
    ...options,
    onIgnored: (path, reason) => scanned.ignored.set(sourceUriOf(path), reason),
  })
  const results = merge(files, { concurrency: filesHashedAtATime }, async function* (file) {
    yield await hashed(file, { isNamed: named.has(file.path), ...options })
  })
  for await (const result of results) {
    if ('problem' in result) scanned.unreadable.push(result)
    else scanned.found.push(result)
  }
  // What is hashed first is done first: the order of the names is that of the plan.
  scanned.found.sort(bySourceUri)
  return scanned
}

async function hashed(
  file: Discovered,
  { isNamed, signal }: { isNamed: boolean; signal?: AbortSignal },
): Promise<FoundFile | { sourceUri: string; problem: Problem }> {
  const sourceUri = sourceUriOf(file.path)
  if ('problem' in file) return { sourceUri, problem: file.problem }
  try {
    return { sourceUri, isNamed, ...(await contentOf(file.path, { likelyBytes: file.sizeBytes, signal })) }
  } catch (error) {
    if (error instanceof InkstoneError) throw error
    return { sourceUri, problem: unreadableFile(error).toProblem() }
  }
}

const mostBytesAtATime = 65_536

/**
 * What a file that is being written holds is new whatever it is compared with: that it is whole is looked after when it
 * is handed in.
 */
async function contentOf(
  path: string,
  { likelyBytes, signal }: { likelyBytes: number; signal: AbortSignal | undefined },
): Promise<{ contentHash: string; sizeBytes: number }> {
  const hash = createHash('sha256')
  // One byte more than a small file has, so that its end is seen with the first reading.
  const buffer = Buffer.allocUnsafe(Math.min(likelyBytes + 1, mostBytesAtATime))
  const handle = await openForReading(path)
  try {
    for (let sizeBytes = 0; ; ) {
      if (signal?.aborted) throw new InkstoneError('cancelled', 'the ingest was stopped')
      const { bytesRead } = await handle.read(buffer, 0, buffer.length)
      hash.update(buffer.subarray(0, bytesRead))
      sizeBytes += bytesRead
      if (bytesRead < buffer.length) return { contentHash: hash.digest('hex'), sizeBytes }
    }
  } finally {
    await handle.close()
  }
}
