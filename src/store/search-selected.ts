import { z } from 'zod'
import type { ChunkSearchOptions, DocumentSelection } from '../core/chunk-store.js'
import { allOf, selectionCondition, wordsCondition } from './filter.js'

/** Longest list of documents that is written into a condition: LanceDB needs ever longer for longer ones. */
const mostListed = 2_000

const owned = z.object({ documentId: z.string() })

/**
 * The best `limit` rows of the selected documents that hold the words. A short list is a condition of the search itself. Of a long one the
 * search is asked for as many rows as should hold `limit` selected ones, and for more until they do or there are no
 * more: the best of all in order, without those that are not selected, are the best of the selected.
 *
 * @param search gives the best `most` rows, best first, that satisfy the condition
 */
export async function searchSelected(
  documents: DocumentSelection | null | undefined,
  { limit, words }: Pick<ChunkSearchOptions, 'limit' | 'words'>,
  search: (condition: string | null, most: number) => Promise<unknown[]>,
): Promise<unknown[]> {
  const condition = wordsCondition(words)
  if (!documents || documents.documentIds.length <= mostListed) {
    return search(allOf([selectionCondition(documents), condition]), limit)
  }
  const listed = new Set(documents.documentIds)
  const isSelected = (row: unknown) => listed.has(owned.parse(row).documentId) === (documents.mode === 'only')
  for (let most = limit * 4; ; most *= 4) {
    const rows = await search(condition, most)
    const selected = rows.filter(isSelected)
    if (selected.length >= limit || rows.length < most) return selected.slice(0, limit)
  }
}
