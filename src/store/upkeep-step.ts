import { Index, type Table } from '@lancedb/lancedb'
import { z } from 'zod'

/** What is done to a table as a whole: it takes memory and time in proportion to its rows. */
export const upkeepStep = z.enum(['fold', 'prune', 'search index', 'vector index'])
export type UpkeepStep = z.infer<typeof upkeepStep>

export const searchIndex = 'search_idx'
export const vectorIndexName = 'vector_idx'

/** A search that started on an old version must be able to end on it. */
export const versionAgeMs = 60 * 60 * 1000

/**
 * `fold`: few fragments in place of many, and all rows in the indexes. `prune`: the same, and versions that are old
 * enough are removed. The others build an index anew over all rows.
 */
export async function takeUpkeepStep(table: Table, step: UpkeepStep): Promise<void> {
  switch (step) {
    case 'fold':
      await table.optimize()
      return
    case 'prune':
      await table.optimize({ cleanupOlderThan: new Date(Date.now() - versionAgeMs) })
      return
    case 'search index':
      await buildSearchIndex(table)
      return
    case 'vector index':
      await table.createIndex('vector', { config: Index.ivfRq({ distanceType: 'cosine' }), name: vectorIndexName })
      return
    default:
      step satisfies never
  }
}

async function buildSearchIndex(table: Table): Promise<void> {
  // Terms come joined by spaces and folded: the tokenizer must leave them as they are.
  const config = Index.fts({
    baseTokenizer: 'whitespace',
    lowercase: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    withPosition: false,
    maxTokenLength: 512,
  })
  await table.createIndex('search', { config, name: searchIndex })
}
