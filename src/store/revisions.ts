import type { Table } from '@lancedb/lancedb'
import type { DocumentChunks, StaleRevisions } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'
import { chunkTable, type EmbeddedChunk } from './chunk-batches.js'
import { revisionsCondition, staleCondition } from './filter.js'
import { chunkSchema } from './lance-schema.js'

/** Rows that are made and written at a time: they are held several times over until LanceDB has taken them in. */
const rowsPerPart = 1_000
/** Documents in one condition: LanceDB needs ever longer for longer ones. */
const documentsPerCondition = 500

/**
 * Adds revisions of documents, in one version of the table when they are few; many are added part by part. The other
 * revisions of the documents stay: which one is shown is for the catalogue to say. What an attempt at the same revision
 * that broke off has left is removed first. Rows are added and never merged: a merge reads the whole table, and malloc
 * keeps what that takes.
 * @throws InkstoneError `embedding_mismatch`, `internal`
 */
export async function putRevisions(
  table: Table,
  documents: readonly DocumentChunks[],
  { dimensions }: { dimensions: number },
): Promise<void> {
  for (const document of documents) checkChunks(document, dimensions)
  const chunks = documents.flatMap(embeddedChunks)
  if (chunks.length === 0) return
  await deleteIfAny(table, revisionsCondition(chunks.map(({ chunk }) => chunk)))
  const schema = chunkSchema(dimensions)
  for (let at = 0; at < chunks.length; at += rowsPerPart) {
    await table.add(await chunkTable(chunks.slice(at, at + rowsPerPart), schema))
  }
}

/** Removes revisions that nobody is shown. */
export async function dropRevisions(table: Table, stale: readonly StaleRevisions[]): Promise<void> {
  for (let at = 0; at < stale.length; at += documentsPerCondition) {
    await deleteIfAny(table, staleCondition(stale.slice(at, at + documentsPerCondition)))
  }
}

/** To delete no row makes a version, too. */
async function deleteIfAny(table: Table, condition: string): Promise<void> {
  if ((await table.countRows(condition)) > 0) await table.delete(condition)
}

function embeddedChunks({ chunks, embeddings }: DocumentChunks): EmbeddedChunk[] {
  return chunks.flatMap((chunk, at) => {
    const embedding = embeddings[at]
    return embedding ? [{ chunk, embedding }] : []
  })
}

function checkChunks({ documentId, chunks, embeddings }: DocumentChunks, dimensions: number): void {
  if (chunks.length !== embeddings.length) {
    throw new InkstoneError('internal', `${chunks.length} chunks came with ${embeddings.length} embeddings`)
  }
  if (chunks.some((chunk) => chunk.documentId !== documentId || chunk.revision !== chunks[0]?.revision)) {
    throw new InkstoneError('internal', `a chunk of another document or revision was handed in for ${documentId}`)
  }
  const wrong = embeddings.find((embedding) => embedding.length !== dimensions)
  if (wrong) {
    throw new InkstoneError('embedding_mismatch', `an embedding has ${wrong.length} dimensions, not ${dimensions}`)
  }
}
