import { z } from 'zod'
import type { ChunkStoreStats, Tuned, TuneEvent, TuneStep, VectorIndexState, VectorTuning } from '../core/ports.js'
import { orNull } from './optional.js'

const count = z.number().int().min(0)
const share = z.number().min(0).max(1)
const settings = {
  partitions: count.meta({ description: 'Partitions of the index that are looked into.' }),
  candidates: count.meta({ description: 'Candidates whose distance is computed in full.' }),
}
const measurement = {
  target: share,
  queries: count.meta({ description: 'Vectors that were asked with.' }),
  measuredWith: z.enum(['own vectors', 'queries']).meta({
    description: 'A table’s own vectors lie closer to it than questions do, so they find a little more.',
  }),
  measuredAt: z.string().meta({ format: 'date-time' }),
}

const vectorTuningSchema = z
  .object({
    ...settings,
    recall: share.meta({ description: 'Share of the ten nearest by exact search that are found.' }),
    ...measurement,
  })
  .meta({ id: 'VectorTuning' }) satisfies z.ZodType<VectorTuning>

const vectorIndexSchema = z
  .object({
    kind: z.string(),
    unindexedRows: count.meta({ description: 'Rows outside the index; every search compares them one by one.' }),
    trainedRows: count.meta({ description: 'Rows that there were when it was trained.' }),
    tuning: orNull(vectorTuningSchema),
  })
  .meta({ id: 'VectorIndex' }) satisfies z.ZodType<VectorIndexState>

export const indexStateSchema = z
  .object({
    chunks: count,
    fragments: count,
    versions: count,
    unindexedRows: count.meta({ description: 'Rows outside the full-text index; they are searched all the same.' }),
    sizeBytes: count,
    vectorIndex: orNull(vectorIndexSchema),
  })
  .meta({
    id: 'IndexState',
    description: 'How the index of a knowledge base is. `vectorIndex` is null where vectors are searched exactly.',
    examples: [
      { chunks: 4_210, fragments: 3, versions: 41, unindexedRows: 120, sizeBytes: 16_000_000, vectorIndex: null },
    ],
  }) satisfies z.ZodType<ChunkStoreStats>

const tuneStepSchema = z
  .object({ ...settings, recall: share, p50Ms: z.number() })
  .meta({ id: 'TuneStep' }) satisfies z.ZodType<TuneStep>

const tunedSchema = z
  .object({ chosen: tuneStepSchema, steps: z.array(tuneStepSchema), ...measurement })
  .meta({ id: 'Tuned' }) satisfies z.ZodType<Tuned>

export const tuneEventSchema = z
  .discriminatedUnion('stage', [
    z.object({ stage: z.literal('comparing'), done: count, total: count }),
    z.object({ stage: z.literal('measured'), step: tuneStepSchema }),
    z.object({ stage: z.literal('done'), tuned: orNull(tunedSchema) }),
  ])
  .meta({
    id: 'TuneEvent',
    description: 'First vectors are compared exactly, then settings are tried from cheap to dear; `done` is the last.',
  }) satisfies z.ZodType<TuneEvent>
