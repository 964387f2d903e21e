import { connect, type Table } from '@lancedb/lancedb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chunkSchema } from '../../src/store/lance-schema.js'
import { dropRevisions, putRevisions } from '../../src/store/revisions.js'
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

describe('putRevisions', () => {
  test('adds in one version of the table, and never merges, which reads the whole table', async () => {
    const { table, merges } = await watchedTable()
    const before = await table.version()
    await putRevisions(table, [documentOf('doc_1', 1), documentOf('doc_2', 1)], { dimensions })
    await putRevisions(table, [documentOf('doc_1', 2), documentOf('doc_4', 1)], { dimensions })
    expect([merges(), await table.countRows(), (await table.version()) - before]).toEqual([0, 8, 2])
    await putRevisions(table, [documentOf('doc_1', 2)], { dimensions })
    expect([merges(), await table.countRows()]).toEqual([0, 8])
  })

  test('writes nothing where there is nothing to write', async () => {
    const { table } = await watchedTable()
    const before = await table.version()
    await putRevisions(table, [{ documentId: 'doc_1', chunks: [], embeddings: [] }], { dimensions })
    await dropRevisions(table, [{ documentId: 'doc_1', current: 0, latest: 3 }])
    expect(await table.version()).toBe(before)
  })
})
