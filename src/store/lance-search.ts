import { MatchQuery, Operator, type Table } from '@lancedb/lancedb'
import type { ChunkSearchOptions, ScoredChunk } from '../core/ports.js'
import { queryTerms } from '../core/terms.js'
import type { Embedding } from '../core/types.js'
import { byScore, chunkColumns, toMatchingChunk, toNearChunk } from './lance-schema.js'
import { searchSelected } from './search-selected.js'

/** Terms of one query: more make it slow and add nothing. */
const mostTerms = 256

/**
 * @param approximateRows rows of the table when it has a vector index, null when it has none. How many partitions are
 *   probed and candidates refined grows with it, as measured: recall@10 is 1.0 at 100,000 rows and .99 at 1,000,000.
 */
export async function searchDense(
  table: Table,
  vector: Embedding,
  { limit, documents, approximateRows }: ChunkSearchOptions & { approximateRows: number | null },
): Promise<ScoredChunk[]> {
  const rows = await searchSelected(documents, { limit }, async (condition, most) => {
    let query = table
      .query()
      .nearestTo(vector)
      .distanceType('cosine')
      .select([...chunkColumns, '_distance'])
      .limit(most)
    // Behind a filter few rows are left, and an index that is probed in part would miss some of them.
    if (documents) query = query.bypassVectorIndex()
    else if (approximateRows !== null) {
      const partitions = Math.max(50, Math.ceil(Math.sqrt(approximateRows) / 5))
      query = query.nprobes(partitions).refineFactor(approximateRows < 500_000 ? 10 : 20)
    }
    return (condition === null ? query : query.where(condition)).toArray()
  })
  return rows.map(toNearChunk).sort(byScore)
}

/** BM25 (k1 1.2, b .75) over the terms of a question, any of them. */
export async function searchLexical(
  table: Table,
  text: string,
  { limit, documents }: ChunkSearchOptions,
): Promise<ScoredChunk[]> {
  const words = queryTerms(text).slice(0, mostTerms)
  if (words.length === 0) return []
  const rows = await searchSelected(documents, { limit }, async (condition, most) => {
    const query = table
      .query()
      .fullTextSearch(new MatchQuery(words.join(' '), 'search', { operator: Operator.Or }))
      .select([...chunkColumns, '_score'])
      .limit(most)
    return (condition === null ? query : query.where(condition)).toArray()
  })
  return rows.map(toMatchingChunk).sort(byScore)
}
