import { newId } from '../../core/ids.js'
import type { NewDocument, Released } from '../../core/ports.js'
import type { Submission } from '../../core/types.js'
import type { Database, Sql } from './database.js'
import { countSources, documentOfSource, findDocument, releaseSource } from './documents.js'
import { cancelQueued, enqueue, pendingJob } from './job-queue.js'
import { findKnowledgeBase } from './knowledge-bases.js'
import { documentRow, type StoredDocument } from './rows.js'

export function submission(database: Database): (file: NewDocument) => Promise<Submission & Released> {
  return (file) =>
    database.write(async (sql) => {
      const { id } = await findKnowledgeBase(sql, file.knowledgeBaseId)
      return submit(sql, { ...file, knowledgeBaseId: id })
    })
}

async function submit(sql: Sql, file: NewDocument): Promise<Submission & Released> {
  const known = await documentOfSource(sql, file.knowledgeBaseId, file.sourceUri)
  const kept = { removed: null, orphanedHashes: [] }
  if (known?.document.contentHash === file.contentHash) {
    return { outcome: 'unchanged', ...(await asItIs(sql, known)), ...kept }
  }
  const twin = await sql.first(
    documentRow,
    'SELECT * FROM documents WHERE knowledge_base_id = ? AND content_hash = ? ORDER BY seq LIMIT 1',
    [file.knowledgeBaseId, file.contentHash],
  )
  if (twin) {
    const released = known ? await releaseSource(sql, known.document, file.sourceUri) : kept
    await linkSource(sql, file, twin.document.id)
    return { outcome: 'duplicate', ...(await asItIs(sql, twin)), ...released }
  }
  if (known && (await countSources(sql, known.document.id)) === 1) {
    return { outcome: 'updated', ...(await revise(sql, known, file)), ...kept }
  }
  // A document that other sources share keeps their content; this source goes on with one of its own.
  const released = known ? await releaseSource(sql, known.document, file.sourceUri) : kept
  return { outcome: 'created', ...(await create(sql, file)), ...released }
}

/** A document whose content is there already. Only an ingest that somebody cancelled is taken up again. */
async function asItIs(sql: Sql, { document, latestRevision }: StoredDocument) {
  const pending = await pendingJob(sql, document.id)
  if (pending || document.error?.code !== 'cancelled') return { document, job: pending }
  const job = await enqueue(sql, document, latestRevision + 1)
  return { document: (await findDocument(sql, document.id)).document, job }
}

async function revise(sql: Sql, { document, latestRevision }: StoredDocument, file: NewDocument) {
  await cancelQueued(sql, document.id)
  // The title of what is searchable stays until the new revision is.
  await sql.run(
    `UPDATE documents SET title = CASE revision WHEN 0 THEN ? ELSE title END, submitted_title = ?, media_type = ?,
       content_hash = ?, size_bytes = ?, metadata = ?, submitted_metadata = ? WHERE id = ?`,
    [
      file.title,
      file.title,
      file.mediaType,
      file.contentHash,
      file.sizeBytes,
      JSON.stringify(file.metadata),
      JSON.stringify(file.metadata),
      document.id,
    ],
  )
  const { document: revised } = await findDocument(sql, document.id)
  const job = await enqueue(sql, revised, latestRevision + 1)
  return { document: (await findDocument(sql, document.id)).document, job }
}

async function create(sql: Sql, file: NewDocument) {
  const id = newId('doc')
  const now = new Date().toISOString()
  const metadata = JSON.stringify(file.metadata)
  await sql.run(
    `INSERT INTO documents (id, knowledge_base_id, source_uri, title, media_type, content_hash, size_bytes, revision,
       latest_revision, status, page_count, chunk_count, metadata, submitted_title, submitted_metadata, error,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 'processing', NULL, 0, ?, ?, ?, NULL, ?, ?)`,
    [
      id,
      file.knowledgeBaseId,
      file.sourceUri,
      file.title,
      file.mediaType,
      file.contentHash,
      file.sizeBytes,
      metadata,
      file.title,
      metadata,
      now,
      now,
    ],
  )
  await linkSource(sql, file, id)
  const { document } = await findDocument(sql, id)
  const job = await enqueue(sql, document, 1)
  return { document: (await findDocument(sql, id)).document, job }
}

async function linkSource(sql: Sql, file: NewDocument, documentId: string): Promise<void> {
  await sql.run('INSERT INTO sources (knowledge_base_id, source_uri, document_id) VALUES (?, ?, ?)', [
    file.knowledgeBaseId,
    file.sourceUri,
    documentId,
  ])
}
