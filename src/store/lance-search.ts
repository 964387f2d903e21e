import { MatchQuery, Operator, type Table } from '@lancedb/lancedb'
import type { ChunkSearchOptions, MatchedChunk, ScoredChunk } from '../core/chunk-store.js'
import { queryTerms } from '../core/terms.js'
import type { VectorSettings } from '../core/tuning.js'
import type { Embedding } from '../core/types.js'
import { byScore, chunkColumns, toMatchedChunk, toNearChunk } from './lance-schema.js'
import { searchSelected } from './search-selected.js'
import { refineFactor } from './vector-settings.js'

/** Terms of one query: more make it slow and add nothing. */
const mostTerms = 256

/** @param settings how the vector index is searched; null searches exactly */
export async function searchDense(
  table: Table,
  vector: Embedding,
  { limit, documents, words, settings }: ChunkSearchOptions & { settings: VectorSettings | null },
): Promise<ScoredChunk[]> {
  const rows = await searchSelected(documents, { limit, words }, async (condition, most) => {
    let query = table
      .query()
      .nearestTo(vector)
      .distanceType('cosine')
      .select([...chunkColumns, '_distance'])
      .limit(most)
    query =
      settings === null
        ? query.bypassVectorIndex()
        : query.nprobes(settings.partitions).refineFactor(refineFactor(settings, most))
    return (condition === null ? query : query.where(condition)).toArray()
  })
  return rows.map(toNearChunk).sort(byScore)
}

/** BM25 (k1 1.2, b .75) over the terms of a question, any of them. */
export async function searchLexical(
  table: Table,
  text: string,
  { limit, documents, words }: ChunkSearchOptions,
): Promise<MatchedChunk[]> {
  const terms = queryTerms(text).slice(0, mostTerms)
  if (terms.length === 0) return []
  const rows = await searchSelected(documents, { limit, words }, async (condition, most) => {
    const query = table
      .query()
      .fullTextSearch(new MatchQuery(terms.join(' '), 'search', { operator: Operator.Or }))
      .select([...chunkColumns, 'vector', '_score'])
      .limit(most)
    return (condition === null ? query : query.where(condition)).toArray()
  })
  return rows.map(toMatchedChunk).sort(byScore)
}
