import { MatchQuery, Operator, type Table } from '@lancedb/lancedb'
import type { ScoredChunk } from '../core/ports.js'
import { terms } from '../core/terms.js'
import type { Embedding, SearchFilter } from '../core/types.js'
import { characterCondition, filterCondition } from './filter.js'
import { byScore, chunkColumns, toChunk, toMatchingChunk, toNearChunk } from './lance-schema.js'

interface SearchOptions {
  limit: number
  filter: SearchFilter
}

/** Terms of one query: more make it slow and add nothing. */
const mostTerms = 256

/** Rows that a search for a single character looks at, at most. */
const mostScanned = 500

/**
 * @param approximateRows rows of the table when it has a vector index, null when it has none. How many partitions are
 *   probed and candidates refined grows with it, as measured: recall@10 is 1.0 at 100,000 rows and .99 at 1,000,000.
 */
export async function searchDense(
  table: Table,
  vector: Embedding,
  { limit, filter, approximateRows }: SearchOptions & { approximateRows: number | null },
): Promise<ScoredChunk[]> {
  let query = table
    .query()
    .nearestTo(vector)
    .distanceType('cosine')
    .select([...chunkColumns, '_distance'])
    .limit(limit)
  const condition = filterCondition(filter)
  // Behind a filter few rows are left, and an index that is probed in part would miss some of them.
  if (condition !== null) query = query.where(condition).bypassVectorIndex()
  else if (approximateRows !== null) {
    const partitions = Math.max(50, Math.ceil(Math.sqrt(approximateRows) / 5))
    query = query.nprobes(partitions).refineFactor(approximateRows < 500_000 ? 10 : 20)
  }
  const rows: unknown[] = await query.toArray()
  return rows.map(toNearChunk).sort(byScore)
}

/** BM25 over the terms of a text, any of them. */
export async function searchLexical(
  table: Table,
  text: string,
  { limit, filter }: SearchOptions,
): Promise<ScoredChunk[]> {
  const words = [...new Set(terms(text))].slice(0, mostTerms)
  if (words.length === 0) return []
  const [word] = words
  if (word !== undefined && words.length === 1 && [...word].length === 1) {
    return searchCharacter(table, word, { limit, filter })
  }
  let query = table
    .query()
    .fullTextSearch(new MatchQuery(words.join(' '), 'search', { operator: Operator.Or }))
    .select([...chunkColumns, '_score'])
    .limit(limit)
  const condition = filterCondition(filter)
  if (condition !== null) query = query.where(condition)
  const rows: unknown[] = await query.toArray()
  return rows.map(toMatchingChunk).sort(byScore)
}

/** A single character is no term of a longer run, so it is looked for in the text; the denser it stands, the better. */
async function searchCharacter(
  table: Table,
  character: string,
  { limit, filter }: SearchOptions,
): Promise<ScoredChunk[]> {
  let query = table.query().where(characterCondition(character)).select(chunkColumns).limit(mostScanned)
  const condition = filterCondition(filter)
  if (condition !== null) query = query.where(condition)
  const rows: unknown[] = await query.toArray()
  return rows
    .map(toChunk)
    .map((chunk) => ({ chunk, score: (chunk.text.split(character).length - 1) / (20 + chunk.text.length) }))
    .sort(byScore)
    .slice(0, limit)
}
