import type { Catalogue } from '../core/catalogue.js'
import type { MatchedChunk, ScoredChunk } from '../core/chunk-store.js'

export interface Found {
  lexical: MatchedChunk[]
  dense: ScoredChunk[]
}

/**
 * What is found of the revisions that the catalogue names. While documents are being replaced, chunks of other revisions
 * take up places, and a document may have moved on since it was found: then all is looked for once more, and twice as
 * many.
 */
export async function searchVisible(
  limit: number,
  catalogue: Pick<Catalogue, 'getDocuments'>,
  search: (limit: number) => Promise<Found>,
): Promise<Found> {
  const first = await visibleOf(await search(limit), catalogue)
  return first.hidden === 0 ? first.found : (await visibleOf(await search(limit * 2), catalogue)).found
}

async function visibleOf({ lexical, dense }: Found, catalogue: Pick<Catalogue, 'getDocuments'>) {
  const all = [...lexical, ...dense]
  const documents = await catalogue.getDocuments([...new Set(all.map(({ chunk }) => chunk.documentId))])
  const isVisible = ({ chunk }: ScoredChunk) => documents.get(chunk.documentId)?.revision === chunk.revision
  const found = { lexical: lexical.filter(isVisible), dense: dense.filter(isVisible) }
  return { found, hidden: all.length - found.lexical.length - found.dense.length }
}
