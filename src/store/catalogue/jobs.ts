import { InkstoneError } from '../../core/errors.js'
import type { Catalogue, FinishedIngest } from '../../core/ports.js'
import type { Job } from '../../core/types.js'
import { contentHashes, unreferenced } from './content-hashes.js'
import { readCursor, toPage, withSeq } from './cursor.js'
import type { Database, Sql } from './database.js'
import { findDocument } from './documents.js'
import { endInVain, enqueue, findJob } from './job-queue.js'
import { noteFiles } from './removals.js'
import { countRow, jobRow } from './rows.js'

type Progress = Pick<Job, 'stage' | 'progress' | 'updatedAt'>

type Jobs = Pick<
  Catalogue,
  | 'resubmit'
  | 'claimJob'
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
    resubmit: (documentId) => database.write((sql) => resubmit(sql, documentId)),
    claimJob: () => database.write(claim),
    requeueInterruptedJobs: () => database.write(requeueInterrupted),
    giveBackRunningJobs: () =>
      database.write(async (sql) => {
        await sql.run("UPDATE jobs SET attempts = attempts - 1 WHERE status = 'running' AND attempts > 0")
        await requeueInterrupted(sql)
      }),

    async updateJob(id, { stage, progress }) {
      const job = await database.read((sql) => findJob(sql, id))
      if (job.status === 'running') progressOf.set(id, { stage, progress, updatedAt: new Date().toISOString() })
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

/** Twice in a row is once: a job that still waits is the one. */
async function resubmit(sql: Sql, documentId: string): Promise<Job> {
  const { document, latestRevision } = await findDocument(sql, documentId)
  const waiting = await sql.first(jobRow, "SELECT * FROM jobs WHERE document_id = ? AND status = 'queued'", [
    documentId,
  ])
  return waiting ?? enqueue(sql, document, latestRevision + 1)
}

async function claim(sql: Sql): Promise<Job | null> {
  const next = await sql.first(
    jobRow,
    `SELECT * FROM jobs q WHERE status = 'queued' AND NOT EXISTS (
       SELECT 1 FROM jobs r WHERE r.document_id = q.document_id AND r.status = 'running')
     ORDER BY attempts, seq LIMIT 1`,
  )
  if (!next) return null
  await sql.run(
    `UPDATE jobs SET status = 'running', stage = 'parsing', attempts = attempts + 1, updated_at = ? WHERE id = ?`,
    [new Date().toISOString(), next.id],
  )
  return findJob(sql, next.id)
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
  const now = new Date().toISOString()
  await sql.run(`UPDATE jobs SET status = 'done', stage = 'done', warnings = ?, updated_at = ? WHERE id = ?`, [
    JSON.stringify(result.warnings),
    now,
    id,
  ])
  await sql.run(
    `UPDATE documents SET revision = ?, status = 'ready', title = ?, media_type = ?, page_count = ?, chunk_count = ?,
       metadata = ?, error = NULL, updated_at = ? WHERE id = ?`,
    [
      result.revision,
      result.title ?? stored.submittedTitle,
      result.mediaType,
      result.pageCount,
      result.chunkCount,
      JSON.stringify({ ...result.metadata, ...stored.submittedMetadata }),
      now,
      job.documentId,
    ],
  )
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
