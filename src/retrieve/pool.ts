import type { Hit } from '../core/types.js'
import { fold, limitPerDocument } from './fold.js'

/**
 * Makes one list of several that were found for parts of the same question: no passage twice, the lists taken in turn,
 * so that each part is heard; those that are known to be useful first.
 * @param lists each best first
 * @param options.isUseful says of a passage that it was read and found to say something
 * @returns at most `limit` hits, ranked anew
 */
export function pool(
  lists: readonly (readonly Hit[])[],
  {
    isUseful,
    limit,
    maxPerDocument = Number.POSITIVE_INFINITY,
  }: { isUseful: (hit: Hit) => boolean; limit: number; maxPerDocument?: number | undefined },
): Hit[] {
  const byChunk = new Map<string, Hit>()
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  for (let place = 0; place < longest; place += 1) {
    for (const hit of lists.flatMap((list) => list[place] ?? [])) {
      if (!byChunk.has(hit.chunk.id)) byChunk.set(hit.chunk.id, hit)
    }
  }
  const all = [...byChunk.values()]
  const ordered = [...all.filter(isUseful), ...all.filter((hit) => !isUseful(hit))]
  return limitPerDocument(fold(ordered), maxPerDocument).slice(0, limit)
}
