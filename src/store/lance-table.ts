import { Index, type Table } from '@lancedb/lancedb'
import type { ChunkStore, ServicePace } from '../core/chunk-store.js'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import { documentsCondition, rangeCondition, revisionsCondition } from './filter.js'
import { folderSync } from './fsync.js'
import { chunkColumns, toChunk } from './lance-schema.js'
import { searchDense, searchLexical } from './lance-search.js'
import { hasOutlived, listManifests } from './manifests.js'
import { dropRevisions, putRevisions } from './revisions.js'
import { serial } from './serial.js'
import { treeSizeBytes } from './tree-size.js'
import { tune } from './tune.js'
import { takeStepApart } from './upkeep-process.js'
import { searchIndex, takeUpkeepStep, type UpkeepStep, versionAgeMs } from './upkeep-step.js'
import { vectorIndex } from './vector-index.js'
import type { VersionLog } from './version-log.js'

/** Small fragments and rows outside the indexes are what slows searches down. */
const mostFragments = 100
/**
 * Each time the whole table is written anew; a search needs about 16 ms more for 1,000 such rows, and BM25 weighs them
 * apart from the others.
 */
const mostUnindexedRows: Record<ServicePace, { least: number; share: number }> = {
  busy: { least: 2_000, share: 0.15 },
  quiet: { least: 500, share: 0.1 },
  idle: { least: 0, share: 0.01 },
}
const mostVersions = 1_000

/** Less is done faster than a process starts, and leaves little behind. */
const rowsWorthAProcess = 1_000

const documentIndex = 'document_idx'

export interface OpenTable extends ChunkStore {
  /** Waits for the writes that have begun. */
  close(): Promise<void>
}

/** How many versions a table has when it is new and prepared. */
export const versionsOfNewTable = 3

/** Makes a new, empty table ready: with indexes that take in new rows at once. */
export async function prepareTable(table: Table): Promise<void> {
  await takeUpkeepStep(table, 'search index')
  await buildDocumentIndex(table)
}

/** Finds the rows of the documents that a filter lets pass. */
async function buildDocumentIndex(table: Table): Promise<void> {
  await table.createIndex('documentId', { config: Index.btree(), name: documentIndex })
}

interface TableOptions {
  knowledgeBaseId: string
  /** The table's own folder. */
  folder: string
  /** The file about its vector index. */
  tuningPath: string
  /** Below so many rows vectors are searched exactly. */
  exactRows: number
  dimensions: number
  versions: VersionLog
  /** What a process for the upkeep gets. */
  environment: Readonly<Record<string, string | undefined>>
}

/** A knowledge base's chunks in an open table. */
export async function lanceTable(
  table: Table,
  { knowledgeBaseId, folder, tuningPath, exactRows, dimensions, versions, environment }: TableOptions,
): Promise<OpenTable> {
  const writes = serial()
  const files = folderSync(folder, ['.', 'data', '_transactions', '_versions', '_indices/*', '_deletions'])
  if (versions.last() !== null) await files.trust()
  const vectors = await vectorIndex(table, { path: tuningPath, exactRows })

  async function upkeep(step: UpkeepStep): Promise<void> {
    if ((await table.countRows()) < rowsWorthAProcess) return takeUpkeepStep(table, step)
    await takeStepApart({ folder, step }, { environment })
    await table.checkoutLatest()
  }
  async function makeDurable(): Promise<void> {
    const version = await table.version()
    await files.sync()
    await versions.record(version)
  }
  /**
   * Rows outside the index are found too, but BM25 weighs them and the others apart, and an index without a single row
   * makes LanceDB cut the matches at the limit before it ranks them. So at least half are always in it; building it
   * anew each time the table has doubled costs two builds altogether.
   */
  async function keepIndexes(): Promise<void> {
    const search = await table.indexStats(searchIndex)
    if (search === undefined || search.numUnindexedRows > search.numIndexedRows) await upkeep('search index')
    // Tables of before filters had an index have none.
    if ((await table.indexStats(documentIndex)) === undefined) await buildDocumentIndex(table)
  }
  const commit = (change: () => Promise<unknown>) =>
    writes(async () => {
      try {
        await change()
        await keepIndexes()
        await makeDurable()
      } catch (thrown) {
        throw readable(thrown, table)
      }
    })
  const reading = <T>(search: Promise<T>) => search.catch((thrown) => Promise.reject(readable(thrown, table)))

  async function stats() {
    const [{ numRows, fragmentStats }, search, vectorIndex, manifests] = await Promise.all([
      table.stats(),
      table.indexStats(searchIndex),
      vectors.state(),
      listManifests(folder),
    ])
    return {
      chunks: numRows,
      fragments: fragmentStats.numFragments,
      versions: manifests.length,
      unindexedRows: search?.numUnindexedRows ?? numRows,
      vectorIndex,
    }
  }

  async function optimise(rows: number): Promise<void> {
    await upkeep('fold')
    if (vectors.isDue(rows)) await vectors.build(rows, () => upkeep('vector index'))
    // Only a version that is safe on disk may outlive the ones before it.
    await makeDurable()
    const manifests = await listManifests(folder)
    // It writes the table anew once more: only when there is something to remove.
    if (await hasOutlived(manifests, { most: manifests.length - 1, ageMs: versionAgeMs })) await upkeep('prune')
  }

  if (versions.last() === null) await makeDurable()
  return {
    knowledgeBaseId,
    async putRevisions(documents) {
      if (documents.length === 0) return
      await commit(() => putRevisions(table, documents, { dimensions }))
    },
    async dropRevisions(stale) {
      if (stale.length === 0) return
      await commit(() => dropRevisions(table, stale))
    },
    deleteDocument: (documentId) => commit(async () => table.delete(documentsCondition([documentId]))),
    searchDense(vector, options) {
      // Behind a filter that leaves few rows an index that is looked into in part would miss some of them.
      const { documents, words } = options
      const isFew = documents ? documents.chunkCount < exactRows : false
      const isNarrow = isFew || (words !== undefined && words.phrases.length + words.titles.length > 0)
      const settings = isNarrow ? null : vectors.settings()
      return reading(searchDense(table, vector, { ...options, settings }))
    },
    searchLexical: (text, options) => reading(searchLexical(table, text, options)),

    async listChunks(document, range) {
      const query = table
        .query()
        .where(range === undefined ? revisionsCondition([document]) : rangeCondition(document, range))
        .select(chunkColumns)
      const rows: unknown[] = await reading(query.toArray())
      return rows.map(toChunk).sort((a, b) => a.index - b.index)
    },
    countChunks: () => reading(table.countRows()),

    async maintain({ force = false, service = 'quiet' } = {}) {
      const { chunks, fragments, unindexedRows, vectorIndex: index } = await reading(stats())
      const manifests = await listManifests(folder)
      const { least, share } = mostUnindexedRows[service]
      const mostRows = Math.max(least, chunks * share)
      const worthwhile =
        fragments > mostFragments ||
        (await hasOutlived(manifests, { most: mostVersions, ageMs: versionAgeMs })) ||
        unindexedRows > mostRows ||
        (index !== null && index.unindexedRows > mostRows) ||
        vectors.isDue(chunks)
      if (force || worthwhile) await commit(() => optimise(chunks))
    },
    async *tune(options = {}) {
      if (vectors.settings() === null) return yield { stage: 'done', tuned: null }
      try {
        const tuned = yield* tune(table, options)
        await writes(() => vectors.keep(tuned))
        yield { stage: 'done', tuned }
      } catch (thrown) {
        throw readable(thrown, table)
      }
    },
    stats: async () => ({ ...(await reading(stats())), sizeBytes: await treeSizeBytes(folder) }),

    close: () =>
      writes(async () => {
        table.close()
        await versions.close()
      }),
  }
}

function readable(thrown: unknown, table: Table): InkstoneError {
  if (!table.isOpen()) {
    return new InkstoneError('knowledge_base_not_found', 'the knowledge base has been removed or closed meanwhile', {
      cause: thrown,
    })
  }
  if (thrown instanceof Error && /no space left on device|os error 28/i.test(thrown.message)) {
    return new InkstoneError('storage_full', 'the disk is full', {
      remedy: 'free some space and try again',
      cause: thrown,
    })
  }
  return toInkstoneError(thrown, 'store_corrupt')
}
