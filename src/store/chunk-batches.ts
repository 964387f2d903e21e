import { setImmediate } from 'node:timers/promises'
import {
  type Data,
  type FixedSizeList,
  Float32,
  makeData,
  RecordBatch,
  type Schema,
  Struct,
  Table,
  vectorFromArray,
} from 'apache-arrow'
import type { Chunk, Embedding } from '../core/types.js'
import { toRow } from './lance-schema.js'

/** A chunk with its vector, before it becomes a row. */
export interface EmbeddedChunk {
  chunk: Chunk
  embedding: Embedding
}

/** Rows that are made without a pause: their terms are what takes time. */
const rowsPerBatch = 32

/**
 * The rows of chunks as an Arrow table. Vectors go into one buffer as they are: LanceDB's own conversion makes a
 * JavaScript number of each of their floats, which takes ten times the memory. Other work goes on meanwhile.
 */
export async function chunkTable(chunks: readonly EmbeddedChunk[], schema: Schema): Promise<Table> {
  const batches: RecordBatch[] = []
  for (let from = 0; from < chunks.length; from += rowsPerBatch) {
    batches.push(recordBatch(chunks.slice(from, from + rowsPerBatch), schema))
    await setImmediate()
  }
  return new Table(schema, batches)
}

function recordBatch(chunks: readonly EmbeddedChunk[], schema: Schema): RecordBatch {
  const rows = chunks.map(({ chunk }) => toRow(chunk))
  const children = schema.fields.map(({ name, type }): Data => {
    if (name === 'vector') return vectorData(chunks, type)
    const values = rows.map((row) => row[name])
    return vectorFromArray(values, type).data[0] ?? makeData({ type })
  })
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, children }))
}

function vectorData(chunks: readonly EmbeddedChunk[], type: FixedSizeList): Data {
  const data = new Float32Array(chunks.length * type.listSize)
  for (const [at, { embedding }] of chunks.entries()) data.set(embedding, at * type.listSize)
  const child = makeData({ type: new Float32(), length: data.length, nullCount: 0, data })
  return makeData({ type, length: chunks.length, nullCount: 0, child })
}
