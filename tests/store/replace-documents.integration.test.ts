import { connect, type Table } from '@lancedb/lancedb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chunkSchema } from '../../src/store/lance-schema.js'
import { replaceDocuments } from '../../src/store/replace-documents.js'
import { chunksOf, dimensions, vectorsFor } from '../support/chunk-store-contract.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** An empty table that notes when a merge begins. */
async function watchedTable(): Promise<{ table: Table; merges: () => number }> {
  const connection = await connect(await temporaryFolder())
  onTestFinished(() => connection.close())
  const table = await connection.createEmptyTable('chunks', chunkSchema(dimensions))
  const merge = table.mergeInsert.bind(table)
  let merges = 0
  table.mergeInsert = (on) => {
    merges += 1
    return merge(on)
  }
  return { table, merges: () => merges }
}

const documentOf = (documentId: string, revision: number) => {
  const chunks = chunksOf(documentId, ['one', 'two'], revision)
  return { documentId, chunks, embeddings: vectorsFor(chunks) }
}

describe('replaceDocuments', () => {
  test('merges, which reads the whole table, only when it knows one of the documents', async () => {
    const { table, merges } = await watchedTable()
    await replaceDocuments(table, [documentOf('doc_1', 1), documentOf('doc_2', 1)], { dimensions })
    await replaceDocuments(table, [documentOf('doc_3', 1)], { dimensions })
    expect([merges(), await table.countRows()]).toEqual([0, 6])
    await replaceDocuments(table, [documentOf('doc_1', 2), documentOf('doc_4', 1)], { dimensions })
    expect([merges(), await table.countRows()]).toEqual([1, 8])
  })
})
