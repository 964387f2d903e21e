import { InkstoneError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import type { Job, JobPriority, Problem } from '../../core/job.js'
import type { Document } from '../../core/types.js'
import type { Sql } from './database.js'
import { jobRow } from './rows.js'

/** @throws InkstoneError `job_not_found` */
export async function findJob(sql: Sql, id: string): Promise<Job> {
  const found = await sql.first(jobRow, 'SELECT * FROM jobs WHERE id = ?', [id])
  if (found) return found
  throw new InkstoneError('job_not_found', `there is no job "${id}"`)
}

/** The newest job of a document that has not ended. */
export function pendingJob(sql: Sql, documentId: string): Promise<Job | null> {
  return sql.first(
    jobRow,
    "SELECT * FROM jobs WHERE document_id = ? AND status IN ('queued', 'running') ORDER BY seq DESC LIMIT 1",
    [documentId],
  )
}

/** Queues the document's newest content as `revision`. What searches can see of the document stays visible. */
export async function enqueue(
  sql: Sql,
  document: Document,
  { revision, priority = 'interactive' }: { revision: number; priority?: JobPriority | undefined },
): Promise<Job> {
  const id = newId('job')
  const now = new Date().toISOString()
  await sql.run(
    `INSERT INTO jobs (id, knowledge_base_id, document_id, revision, content_hash, source_uri, status, stage, priority,
       warnings, error, attempts, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, 'queued', 'queued', ?, '[]', NULL, 0, ?, ?)`,
    [id, document.knowledgeBaseId, document.id, revision, document.contentHash, document.sourceUri, priority, now, now],
  )
  await sql.run(
    `UPDATE documents SET status = CASE revision WHEN 0 THEN 'processing' ELSE 'ready' END, error = NULL,
       latest_revision = ?, updated_at = ? WHERE id = ?`,
    [revision, now, document.id],
  )
  return findJob(sql, id)
}

export async function cancelQueued(sql: Sql, documentId: string): Promise<void> {
  await sql.run(
    `UPDATE jobs SET status = 'cancelled', stage = 'cancelled', updated_at = ?
     WHERE document_id = ? AND status = 'queued'`,
    [new Date().toISOString(), documentId],
  )
}

/** Ends a job that brought nothing. The document keeps what it had, and the reason unless a newer job is on its way. */
export async function endInVain(
  sql: Sql,
  job: Job,
  { status, problem }: { status: 'failed' | 'cancelled'; problem: Problem },
): Promise<Job> {
  const now = new Date().toISOString()
  const error = JSON.stringify(problem)
  await sql.run('UPDATE jobs SET status = ?, stage = ?, error = ?, updated_at = ? WHERE id = ?', [
    status,
    status,
    status === 'failed' ? error : null,
    now,
    job.id,
  ])
  await sql.run('DELETE FROM pages WHERE document_id = ? AND revision = ?', [job.documentId, job.revision])
  await sql.run(
    `UPDATE documents SET status = CASE revision WHEN 0 THEN 'failed' ELSE 'ready' END, error = ?, updated_at = ?
     WHERE id = ? AND NOT EXISTS (
       SELECT 1 FROM jobs WHERE document_id = ? AND status IN ('queued', 'running'))`,
    [error, now, job.documentId, job.documentId],
  )
  return findJob(sql, job.id)
}
