import type { Table } from '@lancedb/lancedb'
import { z } from 'zod'
import type { Tuned, TuneEvent, TuneOptions, TuneStep, VectorSettings } from '../core/tuning.js'
import type { Embedding } from '../core/types.js'
import { recallOf, refineFactor, settingsLadder } from './vector-settings.js'

const usualTarget = 0.98
/** Neighbours that are compared, and vectors that are asked with unless queries are given. */
const neighbours = 10
const mostSampled = 200

interface Sample {
  vector: Embedding
  /** The row that the vector is of, which would be its own nearest; null for a query. */
  ownId: string | null
  exact: string[]
}

/**
 * Measures recall@10 of the vector index against exact search and finds the cheapest settings that reach the target;
 * the best ones when none does. Rows outside the index are searched exactly by LanceDB and count as found.
 */
export async function* tune(
  table: Table,
  { queries, target = usualTarget, signal, random = Math.random }: TuneOptions,
): AsyncGenerator<TuneEvent, Tuned> {
  const samples: Sample[] = []
  const asked = queries ? queries.map((vector) => ({ vector, ownId: null })) : await sampleRows(table, random)
  for (const { vector, ownId } of asked) {
    signal?.throwIfAborted()
    samples.push({ vector, ownId, exact: await nearest(table, { vector, ownId, settings: null }) })
    yield { stage: 'comparing', done: samples.length, total: asked.length }
  }
  const steps: TuneStep[] = []
  for (const settings of settingsLadder()) {
    signal?.throwIfAborted()
    const step = await measure(table, samples, settings)
    steps.push(step)
    yield { stage: 'measured', step }
    if (step.recall >= target) break
  }
  const chosen = steps.reduce((best, step) => (step.recall > best.recall ? step : best))
  const measuredWith = queries ? 'queries' : 'own vectors'
  return { chosen, steps, target, queries: samples.length, measuredWith, measuredAt: new Date().toISOString() }
}

async function measure(table: Table, samples: readonly Sample[], settings: VectorSettings): Promise<TuneStep> {
  const pairs: { found: string[]; exact: string[] }[] = []
  const timesMs: number[] = []
  for (const { vector, ownId, exact } of samples) {
    const started = performance.now()
    pairs.push({ found: await nearest(table, { vector, ownId, settings }), exact })
    timesMs.push(performance.now() - started)
  }
  timesMs.sort((a, b) => a - b)
  return { ...settings, recall: recallOf(pairs), p50Ms: timesMs[timesMs.length >> 1] ?? 0 }
}

const idRow = z.object({ id: z.string() })
const vectorRow = z.object({ id: z.string(), vector: z.custom<Iterable<number>>((value) => value !== null) })

async function nearest(
  table: Table,
  { vector, ownId, settings }: { vector: Embedding; ownId: string | null; settings: VectorSettings | null },
): Promise<string[]> {
  const limit = neighbours + (ownId === null ? 0 : 1)
  const query = table.query().nearestTo(vector).distanceType('cosine').select(['id', '_distance']).limit(limit)
  const rows: unknown[] = await (settings === null
    ? query.bypassVectorIndex()
    : query.nprobes(settings.partitions).refineFactor(refineFactor(settings, limit))
  ).toArray()
  return rows
    .map((row) => idRow.parse(row).id)
    .filter((id) => id !== ownId)
    .slice(0, neighbours)
}

async function sampleRows(table: Table, random: () => number): Promise<{ vector: Embedding; ownId: string }[]> {
  const rows = await table.countRows()
  const offsets = new Set<number>()
  while (offsets.size < Math.min(mostSampled, rows)) offsets.add(Math.floor(random() * rows))
  const taken: unknown[] = await table
    .takeOffsets([...offsets])
    .select(['id', 'vector'])
    .toArray()
  return taken.map((row) => {
    const { id, vector } = vectorRow.parse(row)
    return { ownId: id, vector: Float32Array.from(vector) }
  })
}
