import type { NewDocument, Released } from '../../core/catalogue.js'
import { newId } from '../../core/ids.js'
import type { Submission } from '../../core/job.js'
import type { Database, Sql } from './database.js'
import { countSources, documentOfSource, findDocument, releaseSource } from './documents.js'
import { writeFields } from './fields.js'
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
  if (file.containerId !== undefined) await findDocument(sql, file.containerId)
  const kept: Released = { removed: [], orphanedHashes: [] }
  if (known?.document.contentHash === file.contentHash) {
    return { outcome: 'unchanged', ...(await asItIs(sql, known, file)), ...kept }
  }
  const twin = await sql.first(
    documentRow,
    'SELECT * FROM documents WHERE knowledge_base_id = ? AND content_hash = ? ORDER BY seq LIMIT 1',
    [file.knowledgeBaseId, file.contentHash],
  )
  if (twin) {
    // A file that holds itself would keep itself for ever.
    if (twin.document.id === file.containerId)
      return { outcome: 'duplicate', document: twin.document, job: null, ...kept }
    const released = known ? await releaseSource(sql, known.document, file.sourceUri) : kept
    await linkSource(sql, file, twin.document.id)
    return { outcome: 'duplicate', ...(await asItIs(sql, twin, file)), ...released }
  }
  if (known && (await countSources(sql, known.document.id)) === 1) {
    return { outcome: 'updated', ...(await revise(sql, known, file)), ...kept }
  }
  // A document that other sources share keeps their content; this source goes on with one of its own.
  const released = known ? await releaseSource(sql, known.document, file.sourceUri) : kept
  return { outcome: 'created', ...(await create(sql, file)), ...released }
}

/**
 * A document whose content is there already. Only an ingest that somebody cancelled is taken up again, and one that
 * ended for want of the password when passwords come with it.
 */
async function asItIs(
  sql: Sql,
  { document, latestRevision }: StoredDocument,
  { passwords = [], priority }: NewDocument,
) {
  const pending = await pendingJob(sql, document.id)
  const opens = document.error?.code === 'password_required' && passwords.length > 0
  if (pending || !(opens || document.error?.code === 'cancelled')) return { document, job: pending }
  await keepPasswords(sql, document.id, passwords)
  const job = await enqueue(sql, document, { revision: latestRevision + 1, priority })
  return { document: (await findDocument(sql, document.id)).document, job }
}

async function revise(sql: Sql, { document, latestRevision, submittedMetadata }: StoredDocument, file: NewDocument) {
  await cancelQueued(sql, document.id)
  // What was said of the document holds for its new content too, where that does not say otherwise.
  const metadata = { ...submittedMetadata, ...file.metadata }
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
      JSON.stringify(metadata),
      JSON.stringify(metadata),
      document.id,
    ],
  )
  await writeFields(sql, document.id, metadata)
  await keepPasswords(sql, document.id, file.passwords)
  const { document: revised } = await findDocument(sql, document.id)
  const job = await enqueue(sql, revised, { revision: latestRevision + 1, priority: file.priority })
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
  await writeFields(sql, id, file.metadata)
  await keepPasswords(sql, id, file.passwords)
  const { document } = await findDocument(sql, id)
  const job = await enqueue(sql, document, { revision: 1, priority: file.priority })
  return { document: (await findDocument(sql, id)).document, job }
}

async function linkSource(sql: Sql, file: NewDocument, documentId: string): Promise<void> {
  await sql.run('INSERT INTO sources (knowledge_base_id, source_uri, document_id, container_id) VALUES (?, ?, ?, ?)', [
    file.knowledgeBaseId,
    file.sourceUri,
    documentId,
    file.containerId ?? null,
  ])
}

async function keepPasswords(sql: Sql, documentId: string, passwords: readonly string[] = []): Promise<void> {
  await sql.run('UPDATE documents SET passwords = ? WHERE id = ?', [JSON.stringify(passwords), documentId])
}
