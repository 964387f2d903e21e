import type { Table } from '@lancedb/lancedb'
import type { DocumentChunks } from '../core/chunk-store.js'
import { InkstoneError } from '../core/errors.js'
import { chunkTable, type EmbeddedChunk } from './chunk-batches.js'
import { documentsCondition, revisionsCondition } from './filter.js'
import { chunkSchema } from './lance-schema.js'

/** Rows that are made and written at a time: they are held several times over until LanceDB has taken them in. */
const rowsPerPart = 1_000

/**
 * Replaces all chunks of documents, in one version of the table when they are few. Many are added part by part. Nobody
 * finds them meanwhile, for their revision is not yet that of their document; the last part takes the older revisions
 * away. What an attempt that broke off has left is removed first. Documents that the table knows nothing of are only
 * added: a merge reads the whole table, and malloc keeps what that takes.
 * @throws InkstoneError `embedding_mismatch`, `internal`
 */
export async function replaceDocuments(
  table: Table,
  documents: readonly DocumentChunks[],
  { dimensions }: { dimensions: number },
): Promise<void> {
  for (const document of documents) checkChunks(document, dimensions)
  const chunks = documents.flatMap(embeddedChunks)
  const all = documentsCondition(documents.map(({ documentId }) => documentId))
  const schema = chunkSchema(dimensions)
  const add = async (from: number, to: number) => {
    for (let at = from; at < to; at += rowsPerPart) {
      await table.add(await chunkTable(chunks.slice(at, Math.min(at + rowsPerPart, to)), schema))
    }
  }
  if ((await table.countRows(all)) === 0) return add(0, chunks.length)
  if (chunks.length === 0) {
    await table.delete(all)
    return
  }
  const last = chunks.length <= rowsPerPart ? 0 : chunks.length - rowsPerPart
  const written = revisionsCondition(chunks.map(({ chunk }) => chunk))
  if (last > 0) await table.delete(written)
  await add(0, last)
  await table
    .mergeInsert('id')
    .whenMatchedUpdateAll()
    .whenNotMatchedInsertAll()
    .whenNotMatchedBySourceDelete({ where: last > 0 ? `${all} AND NOT (${written})` : all })
    .execute(await chunkTable(chunks.slice(last), schema))
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
