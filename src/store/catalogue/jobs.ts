import { z } from 'zod'
import type { Catalogue, FinishedIngest, JobProgress } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import type { Job, JobPriority, Problem } from '../../core/job.js'
import { contentHashes, unreferenced } from './content-hashes.js'
import { readCursor, toPage, withSeq } from './cursor.js'
import type { Database, Sql } from './database.js'
import { findDocument } from './documents.js'
import { writeFields } from './fields.js'
import { endInVain, enqueue, findJob } from './job-queue.js'
import { noteFiles } from './removals.js'
import { countRow, jobRow } from './rows.js'

type Progress = JobProgress & Pick<Job, 'updatedAt'>

type Jobs = Pick<
  Catalogue,
  | 'resubmit'
  | 'claimJob'
  | 'nextJobAt'
  | 'postponeJob'
  | 'requeueInterruptedJobs'
  | 'giveBackRunningJobs'
  | 'updateJob'
  | 'finishJob'
  | 'failJob'
  | 'cancelJob'
  | 'getJob'
  | 'listJobs'
  | 'countPendingJobs'
>

/** How far running jobs have come is kept in memory: it changes often, and a job that a crash ends starts afresh. */
export function jobs(database: Database): Jobs {
  const progressOf = new Map<string, Progress>()
  const current = (job: Job): Job => (job.status === 'running' ? { ...job, ...progressOf.get(job.id) } : job)
  const forget = <T>(id: string, result: T): T => {
    progressOf.delete(id)
    return result
  }

  return {
    resubmit: (documentId, options) => database.write((sql) => resubmit(sql, documentId, options)),
    claimJob: (options) => database.write((sql) => claim(sql, options)),
    nextJobAt: () =>
      database.read((sql) =>
        sql.first(
          nextJobRow,
          "SELECT min(not_before) AS not_before FROM jobs WHERE status = 'queued' AND not_before IS NOT NULL",
        ),
      ),
    postponeJob: async (id, change) => forget(id, await database.write((sql) => postpone(sql, id, change))),
    requeueInterruptedJobs: () => database.write(requeueInterrupted),
    giveBackRunningJobs: () =>
      database.write(async (sql) => {
        await sql.run("UPDATE jobs SET attempts = attempts - 1 WHERE status = 'running' AND attempts > 0")
        await requeueInterrupted(sql)
      }),

    async updateJob(id, change) {
      const job = await database.read((sql) => findJob(sql, id))
      if (job.status === 'running') progressOf.set(id, { ...change, updatedAt: new Date().toISOString() })
      return current(job)
    },

    finishJob: async (id, result) => forget(id, await database.write((sql) => finish(sql, id, result))),

    failJob: async (id, problem) =>
      forget(
        id,
        await database.write(async (sql) => {
          const job = await findJob(sql, id)
          const pending = job.status === 'queued' || job.status === 'running'
          const ended = pending ? await endInVain(sql, job, { status: 'failed', problem }) : job
          return { job: ended, document: (await findDocument(sql, job.documentId)).document }
        }),
      ),

    cancelJob: async (id) =>
      forget(
        id,
        await database.write(async (sql) => {
          const job = await findJob(sql, id)
          if (job.status !== 'queued' && job.status !== 'running') {
            throw new InkstoneError('conflict', `the job has ended: it is ${job.status}`)
          }
          const problem = { code: 'cancelled', message: 'the ingest was cancelled', remedy: 'hand the file in again' }
          return endInVain(sql, job, { status: 'cancelled', problem })
        }),
      ),

    getJob: async (id) => current(await database.read((sql) => findJob(sql, id))),

    async listJobs({ knowledgeBaseId, status, limit, cursor }) {
      const rows = await database.read((sql) =>
        sql.all(
          withSeq(jobRow),
          `SELECT * FROM jobs WHERE seq < ? AND knowledge_base_id = coalesce(?, knowledge_base_id)
             AND status = coalesce(?, status) ORDER BY seq DESC LIMIT ?`,
          [readCursor(cursor), knowledgeBaseId ?? null, status ?? null, limit + 1],
        ),
      )
      const { items, nextCursor } = toPage(rows, limit)
      return { items: items.map(current), nextCursor }
    },

    countPendingJobs: async (knowledgeBaseIds) =>
      (await database.read((sql) =>
        sql.first(
          countRow,
          `SELECT count(*) AS total FROM jobs WHERE status IN ('queued', 'running')
             AND knowledge_base_id IN (SELECT value FROM json_each(?))`,
          [JSON.stringify(knowledgeBaseIds)],
        ),
      )) ?? 0,
  }
}

/** Twice in a row is once: a job that still waits is the one, and need not wait for its time any longer. */
async function resubmit(
  sql: Sql,
  documentId: string,
  { priority = 'interactive' }: { priority?: JobPriority } = {},
): Promise<Job> {
  const { document, latestRevision } = await findDocument(sql, documentId)
  const waiting = await sql.first(jobRow, "SELECT * FROM jobs WHERE document_id = ? AND status = 'queued'", [
    documentId,
  ])
  if (waiting === null) return enqueue(sql, document, { revision: latestRevision + 1, priority })
  await sql.run(
    `UPDATE jobs SET not_before = NULL, priority = CASE ? WHEN 'interactive' THEN 'interactive' ELSE priority END
     WHERE id = ?`,
    [priority, waiting.id],
  )
  return findJob(sql, waiting.id)
}

/** Comes as null from an empty table. */
const nextJobRow = z
  .object({ not_before: z.string().nullable() })
  .transform(({ not_before }) => (not_before === null ? null : new Date(not_before)))

async function claim(sql: Sql, { onlyInteractive = false }: { onlyInteractive?: boolean } = {}): Promise<Job | null> {
  const now = new Date().toISOString()
  const next = await sql.first(
    jobRow,
    `SELECT * FROM jobs q WHERE status = 'queued' AND (not_before IS NULL OR not_before <= ?)
       AND (priority = 'interactive' OR NOT ?) AND NOT EXISTS (
       SELECT 1 FROM jobs r WHERE r.document_id = q.document_id AND r.status = 'running')
     ORDER BY priority = 'interactive' DESC, attempts, seq LIMIT 1`,
    [now, onlyInteractive ? 1 : 0],
  )
  if (!next) return null
  await sql.run(
    `UPDATE jobs SET status = 'running', stage = 'parsing', attempts = attempts + 1, not_before = NULL, error = NULL,
       updated_at = ? WHERE id = ?`,
    [now, next.id],
  )
  return findJob(sql, next.id)
}

/** A job that was cancelled meanwhile stays so, and one whose document has a newer job waiting is not worth another try. */
async function postpone(
  sql: Sql,
  id: string,
  { notBefore, problem }: { notBefore: Date; problem: Problem },
): Promise<Job> {
  await sql.run(
    `UPDATE jobs SET status = 'cancelled', stage = 'cancelled', updated_at = ? WHERE id = ? AND status = 'running'
       AND document_id IN (SELECT document_id FROM jobs WHERE status = 'queued')`,
    [new Date().toISOString(), id],
  )
  await sql.run(
    `UPDATE jobs SET status = 'queued', stage = 'queued', not_before = ?, error = ?, updated_at = ?
     WHERE id = ? AND status = 'running'`,
    [notBefore.toISOString(), JSON.stringify(problem), new Date().toISOString(), id],
  )
  return findJob(sql, id)
}

/** An interrupted job whose document has a newer one waiting is not worth running. */
async function requeueInterrupted(sql: Sql): Promise<number> {
  const now = new Date().toISOString()
  await sql.run(
    `UPDATE jobs SET status = 'cancelled', stage = 'cancelled', updated_at = ?
     WHERE status = 'running' AND document_id IN (SELECT document_id FROM jobs WHERE status = 'queued')`,
    [now],
  )
  const count = await sql.first(countRow, "SELECT count(*) AS total FROM jobs WHERE status = 'running'")
  await sql.run("UPDATE jobs SET status = 'queued', stage = 'queued', updated_at = ? WHERE status = 'running'", [now])
  return count ?? 0
}

async function finish(sql: Sql, id: string, result: FinishedIngest): ReturnType<Catalogue['finishJob']> {
  const job = await findJob(sql, id)
  if (job.status === 'cancelled') throw new InkstoneError('cancelled', 'the job was cancelled')
  if (job.status !== 'running') throw new InkstoneError('conflict', `the job is not running: it is ${job.status}`)
  const stored = await findDocument(sql, job.documentId)
  const metadata = { ...result.metadata, ...stored.submittedMetadata }
  const now = new Date().toISOString()
  await sql.run(`UPDATE jobs SET status = 'done', stage = 'done', warnings = ?, updated_at = ? WHERE id = ?`, [
    JSON.stringify(result.warnings),
    now,
    id,
  ])
  await sql.run(
    `UPDATE documents SET revision = ?, status = 'ready', title = ?, media_type = ?, page_count = ?, chunk_count = ?,
       table_count = ?, ocr_count = ?, losses = ?, metadata = ?, may_have_stale_chunks = ?, error = NULL, updated_at = ?
     WHERE id = ?`,
    [
      result.revision,
      result.title ?? stored.submittedTitle,
      result.mediaType,
      result.pageCount,
      result.chunkCount,
      result.tableCount,
      result.ocrCount,
      JSON.stringify(result.losses),
      JSON.stringify(metadata),
      // The first has none before it.
      result.revision > 1 ? 1 : 0,
      now,
      job.documentId,
    ],
  )
  await writeFields(sql, job.documentId, metadata)
  await sql.run('DELETE FROM pages WHERE document_id = ? AND revision < ?', [job.documentId, result.revision])
  const { document } = await findDocument(sql, job.documentId)
  return {
    job: await findJob(sql, id),
    document,
    orphanedHashes: await noteFiles(
      sql,
      await unreferenced(sql, await contentHashes(sql, document.id)),
      document.knowledgeBaseId,
    ),
  }
}
