import type { Catalogue, Released } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import type { Document, Metadata, MetadataChange } from '../../core/types.js'
import { contentHashes, unreferenced } from './content-hashes.js'
import { readCursor, toPage, withSeq } from './cursor.js'
import type { Database, Sql } from './database.js'
import { writeFields } from './fields.js'
import { filterPredicate, type Predicate } from './filter-sql.js'
import { findKnowledgeBase } from './knowledge-bases.js'
import { noteFiles, noteRemovals } from './removals.js'
import {
  countRow,
  documentRow,
  measureRow,
  passwordsRow,
  type StoredDocument,
  selectionRow,
  sourceRow,
} from './rows.js'

type Documents = Pick<
  Catalogue,
  | 'getDocument'
  | 'getDocuments'
  | 'listDocuments'
  | 'selectDocuments'
  | 'updateDocument'
  | 'listSources'
  | 'removeSource'
  | 'deleteDocument'
  | 'listMembers'
  | 'measureMembers'
  | 'getPasswords'
>

export function documents(database: Database): Documents {
  return {
    getDocument: (id) => database.read(async (sql) => (await findDocument(sql, id)).document),

    getDocuments: (ids) =>
      database.read(async (sql) => {
        const found = await sql.all(
          documentRow,
          'SELECT * FROM documents WHERE id IN (SELECT value FROM json_each(?))',
          [JSON.stringify(ids)],
        )
        return new Map(found.map(({ document }) => [document.id, document]))
      }),

    listDocuments: (knowledgeBaseId, { limit, cursor, status, filter = {} }) =>
      database.read(async (sql) => {
        const { id } = await findKnowledgeBase(sql, knowledgeBaseId)
        const wanted = filterPredicate(filter, id) ?? everything
        const rows = await sql.all(
          withSeq(documentRow),
          `SELECT * FROM documents d WHERE knowledge_base_id = ? AND seq < ? AND status = coalesce(?, status)
             AND ${wanted.sql} ORDER BY seq DESC LIMIT ?`,
          [id, readCursor(cursor), status ?? null, ...wanted.args, limit + 1],
        )
        const { items, nextCursor } = toPage(rows, limit)
        return { items: items.map(({ document }) => document), nextCursor }
      }),

    selectDocuments: (knowledgeBaseId, filter) =>
      database.read(async (sql) => {
        const { id } = await findKnowledgeBase(sql, knowledgeBaseId)
        const predicate = filterPredicate(filter, id)
        return predicate === null ? null : selection(sql, id, predicate)
      }),

    updateDocument: (id, { metadata: change }) =>
      database.write(async (sql) => {
        const { document, submittedMetadata } = await findDocument(sql, id)
        const metadata = changed(document.metadata, change)
        await sql.run('UPDATE documents SET metadata = ?, submitted_metadata = ?, updated_at = ? WHERE id = ?', [
          JSON.stringify(metadata),
          JSON.stringify(changed(submittedMetadata, change)),
          new Date().toISOString(),
          id,
        ])
        await writeFields(sql, id, metadata)
        return (await findDocument(sql, id)).document
      }),

    listSources: (knowledgeBaseId) =>
      database.read(async (sql) => {
        const { id } = await findKnowledgeBase(sql, knowledgeBaseId)
        return sql.all(sourceRow, `${selectSources} WHERE s.knowledge_base_id = ? ORDER BY s.source_uri`, [id])
      }),

    listMembers: (documentId) =>
      database.read(async (sql) => {
        const { document } = await findDocument(sql, documentId)
        return sql.all(sourceRow, `${selectSources} WHERE s.container_id = ? ORDER BY s.source_uri`, [document.id])
      }),

    measureMembers: async (knowledgeBaseId, prefix) =>
      (await database.read((sql) =>
        sql.first(
          measureRow,
          `SELECT count(*) AS total, coalesce(sum(d.size_bytes), 0) AS size_bytes
           FROM sources s JOIN documents d ON d.id = s.document_id
           WHERE s.knowledge_base_id = ? AND substr(s.source_uri, 1, length(?)) = ?`,
          [knowledgeBaseId, prefix, prefix],
        ),
      )) ?? { count: 0, sizeBytes: 0 },

    getPasswords: async (documentId) =>
      (await database.read((sql) =>
        sql.first(passwordsRow, 'SELECT passwords FROM documents WHERE id = ?', [documentId]),
      )) ?? [],

    removeSource: (knowledgeBaseId, sourceUri) =>
      database.write(async (sql) => {
        const { id } = await findKnowledgeBase(sql, knowledgeBaseId)
        const owner = await documentOfSource(sql, id, sourceUri)
        if (!owner) {
          throw new InkstoneError('not_found', `nothing was ingested from ${sourceUri}`)
        }
        return releaseSource(sql, owner.document, sourceUri)
      }),

    deleteDocument: (id) =>
      database.write(async (sql) => {
        const { document } = await findDocument(sql, id)
        return eraseDocument(sql, document)
      }),
  }
}

const everything: Predicate = { sql: 'TRUE', args: [] }

/** Both lists come as one JSON text: a row each would take several times as long. */
async function selection(sql: Sql, knowledgeBaseId: string, { sql: condition, args }: Predicate) {
  const pick = (which: string) =>
    sql.first(
      selectionRow,
      `SELECT coalesce(sum(chunk_count), 0) AS chunks, json_group_array(id) AS ids
       FROM documents d WHERE knowledge_base_id = ? AND ${which}`,
      [knowledgeBaseId, ...args],
    )
  const passed = await pick(condition)
  const total = (await sql.first(countRow, countDocuments, [knowledgeBaseId])) ?? 0
  if (passed === null) throw new InkstoneError('internal', 'the filter gave no row')
  if (passed.documentIds.length * 2 <= total) return { mode: 'only' as const, ...passed }
  const refused = await pick(`NOT (${condition})`)
  return { mode: 'except' as const, documentIds: refused?.documentIds ?? [], chunkCount: passed.chunkCount }
}

const countDocuments = 'SELECT count(*) AS total FROM documents WHERE knowledge_base_id = ?'

function changed(metadata: Metadata, change: MetadataChange): Metadata {
  const merged = Object.entries({ ...metadata, ...change })
  return Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
}

const selectSources = `SELECT s.source_uri, s.container_id, d.id, d.content_hash, d.size_bytes, d.status, d.error
  FROM sources s JOIN documents d ON d.id = s.document_id`

/** @throws InkstoneError `document_not_found` */
export async function findDocument(sql: Sql, id: string): Promise<StoredDocument> {
  const found = await sql.first(documentRow, 'SELECT * FROM documents WHERE id = ?', [id])
  if (found) return found
  throw new InkstoneError('document_not_found', `there is no document "${id}"`)
}

export function documentOfSource(sql: Sql, knowledgeBaseId: string, sourceUri: string): Promise<StoredDocument | null> {
  return sql.first(
    documentRow,
    `SELECT d.* FROM documents d JOIN sources s ON s.document_id = d.id
     WHERE s.knowledge_base_id = ? AND s.source_uri = ?`,
    [knowledgeBaseId, sourceUri],
  )
}

export async function countSources(sql: Sql, documentId: string): Promise<number> {
  return (await sql.first(countRow, 'SELECT count(*) AS total FROM sources WHERE document_id = ?', [documentId])) ?? 0
}

/** Takes a source away from its document; the document goes with its last one. */
export async function releaseSource(sql: Sql, document: Document, sourceUri: string): Promise<Released> {
  await sql.run('DELETE FROM sources WHERE knowledge_base_id = ? AND source_uri = ?', [
    document.knowledgeBaseId,
    sourceUri,
  ])
  if ((await countSources(sql, document.id)) === 0) {
    return eraseDocument(sql, document)
  }
  await sql.run(
    `UPDATE documents SET source_uri = (SELECT min(source_uri) FROM sources WHERE document_id = id)
     WHERE id = ? AND source_uri = ?`,
    [document.id, sourceUri],
  )
  return { removed: [], orphanedHashes: [] }
}

/**
 * Removes a document with its text and sources, and what was found inside it. Its jobs stay, ended, for those who watch
 * them.
 */
async function eraseDocument(sql: Sql, document: Document): Promise<Released> {
  await sql.run(
    `UPDATE jobs SET status = 'cancelled', stage = 'cancelled', updated_at = ?
     WHERE document_id = ? AND status IN ('queued', 'running')`,
    [new Date().toISOString(), document.id],
  )
  const hashes = await contentHashes(sql, document.id)
  await sql.run('DELETE FROM documents WHERE id = ?', [document.id])
  await noteRemovals(sql, [{ kind: 'chunks', id: document.id, knowledgeBaseId: document.knowledgeBaseId }])
  const orphanedHashes = await noteFiles(sql, await unreferenced(sql, hashes), document.knowledgeBaseId)
  const inside = await releaseMembers(sql, document)
  return {
    removed: [document, ...inside.removed],
    orphanedHashes: [...new Set([...orphanedHashes, ...inside.orphanedHashes])],
  }
}

async function releaseMembers(sql: Sql, container: Document): Promise<Released> {
  const released: Released = { removed: [], orphanedHashes: [] }
  const members = await sql.all(sourceRow, `${selectSources} WHERE s.container_id = ?`, [container.id])
  for (const { sourceUri, documentId } of members) {
    // One that stood inside two of the others may have gone with the first.
    const owner = await sql.first(documentRow, 'SELECT * FROM documents WHERE id = ?', [documentId])
    if (owner === null) continue
    const { removed, orphanedHashes } = await releaseSource(sql, owner.document, sourceUri)
    released.removed.push(...removed)
    released.orphanedHashes.push(...orphanedHashes)
  }
  return released
}
