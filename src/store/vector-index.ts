import { readFile } from 'node:fs/promises'
import type { Table } from '@lancedb/lancedb'
import { z } from 'zod'
import type { Tuned, VectorIndexState, VectorSettings, VectorTuning } from '../core/tuning.js'
import { isMissing } from './fsync.js'
import { vectorIndexName as name } from './upkeep-step.js'
import { defaultSettings } from './vector-settings.js'
import { writeDurably } from './version-log.js'

const tuning: z.ZodType<VectorTuning> = z.strictObject({
  partitions: z.number().int().min(1),
  candidates: z.number().int().min(1),
  recall: z.number().min(0).max(1),
  target: z.number().min(0).max(1),
  queries: z.number().int().min(1),
  measuredWith: z.enum(['own vectors', 'queries']),
  measuredAt: z.string(),
})
const stored = z.strictObject({ format: z.literal(1), trainedRows: z.number().int(), tuning: tuning.nullable() })
type Stored = z.infer<typeof stored>

/** The index over the vectors of a table, which there is once the table is large. */
export interface VectorIndex {
  /** How it is searched; null when there is none, and every vector is compared. */
  settings(): VectorSettings | null
  state(): Promise<VectorIndexState | null>
  /** Whether a table of so many rows has no index and should, or has doubled since its index was trained. */
  isDue(rows: number): boolean
  /** Has it trained anew. What was measured of the one before does not hold for it. */
  build(rows: number, train: () => Promise<void>): Promise<void>
  /** Keeps what was measured; searches go by it from now on. */
  keep(tuned: Tuned): Promise<void>
}

/**
 * @param path of the file that says how the index was made and how it is searched
 * @param exactRows tables with fewer rows have no index
 */
export async function vectorIndex(
  table: Table,
  { path, exactRows }: { path: string; exactRows: number },
): Promise<VectorIndex> {
  let known = await readStored(path)
  let rows = await indexedRows(table)

  const write = async (next: Stored) => {
    await writeDurably(path, JSON.stringify(next))
    known = next
  }
  const trainedRows = () => known?.trainedRows ?? rows ?? 0

  return {
    settings: () => (rows === null ? null : (known?.tuning ?? defaultSettings(rows))),
    async state() {
      const stats = await table.indexStats(name)
      if (stats === undefined) return null
      const { indexType: kind, numUnindexedRows: unindexedRows } = stats
      return { kind, unindexedRows, trainedRows: trainedRows(), tuning: known?.tuning ?? null }
    },
    isDue: (present) => present >= exactRows && (rows === null || present >= trainedRows() * 2),
    async build(present, train) {
      // First: a crash must not leave what was measured of this index to the next one.
      await write({ format: 1, trainedRows: present, tuning: null })
      await train()
      rows = await indexedRows(table)
    },
    keep: ({ chosen: { partitions, candidates, recall }, steps: _, ...how }) =>
      write({ format: 1, trainedRows: trainedRows(), tuning: { partitions, candidates, recall, ...how } }),
  }
}

async function indexedRows(table: Table): Promise<number | null> {
  const stats = await table.indexStats(name)
  return stats ? stats.numIndexedRows + stats.numUnindexedRows : null
}

/** What cannot be read is measured anew: it is never worth refusing a table for. */
async function readStored(path: string): Promise<Stored | null> {
  try {
    return stored.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (thrown) {
    if (isMissing(thrown) || thrown instanceof SyntaxError || thrown instanceof z.ZodError) return null
    throw thrown
  }
}
