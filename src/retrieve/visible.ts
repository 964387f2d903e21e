import type { Catalogue } from '../core/catalogue.js'
import type { MatchedChunk, ScoredChunk } from '../core/chunk-store.js'

export interface Found {
  lexical: MatchedChunk[]
  dense: ScoredChunk[]
}

/** Documents that are replaced faster than this are not waited for. */
const mostLooks = 4

/**
 * What is found of the revisions that the catalogue names. While documents are being replaced, chunks of other revisions
 * take up places: then all is looked for once more, and twice as many. So it is again when a document has moved on
 * since it was found, for it would be missed.
 */
export async function searchVisible(
  limit: number,
  catalogue: Pick<Catalogue, 'getDocuments'>,
  search: (limit: number) => Promise<Found>,
): Promise<Found> {
  let before: ReadonlyMap<string, number> | null = null
  for (let look = 1; ; look += 1) {
    const { lexical, dense } = await search(before === null ? limit : limit * 2)
    const all = [...lexical, ...dense]
    const revisions = await currentRevisions(all, catalogue)
    const isVisible = ({ chunk }: ScoredChunk) => revisions.get(chunk.documentId) === chunk.revision
    const isSettled = before !== null && !hasMovedOn(revisions, before)
    if (isSettled || look === mostLooks || all.every(isVisible)) {
      return { lexical: lexical.filter(isVisible), dense: dense.filter(isVisible) }
    }
    before = revisions
  }
}

async function currentRevisions(
  found: readonly ScoredChunk[],
  catalogue: Pick<Catalogue, 'getDocuments'>,
): Promise<Map<string, number>> {
  const documents = await catalogue.getDocuments([...new Set(found.map(({ chunk }) => chunk.documentId))])
  return new Map([...documents].map(([id, { revision }]) => [id, revision]))
}

function hasMovedOn(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): boolean {
  return [...now].some(([id, revision]) => before.has(id) && before.get(id) !== revision)
}
