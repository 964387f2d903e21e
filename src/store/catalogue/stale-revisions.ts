import { z } from 'zod'
import type { Catalogue } from '../../core/catalogue.js'
import type { Database, Sql } from './database.js'

type Stale = Pick<Catalogue, 'listStaleRevisions' | 'staleRevisionsDropped'>

const staleRow = z
  .object({ id: z.string(), knowledge_base_id: z.string(), current: z.number(), latest: z.number() })
  .transform(({ id, knowledge_base_id, ...revisions }) => ({
    documentId: id,
    knowledgeBaseId: knowledge_base_id,
    ...revisions,
  }))

export function staleRevisions(database: Database): Stale {
  return {
    // What a job that has not ended writes is not stale yet.
    listStaleRevisions: () =>
      database.read((sql) =>
        sql.all(
          staleRow,
          `SELECT id, knowledge_base_id, revision AS current, coalesce(
             (SELECT min(revision) - 1 FROM jobs WHERE document_id = d.id AND status IN ('queued', 'running')),
             latest_revision) AS latest
           FROM documents d WHERE may_have_stale_chunks = 1 ORDER BY seq`,
        ),
      ),
    staleRevisionsDropped: (stale) =>
      database.write(async (sql) => {
        for (const { documentId, current, latest } of stale) {
          await sql.run(
            `UPDATE documents SET may_have_stale_chunks = 0 WHERE id = ? AND revision = ? AND latest_revision = ?`,
            [documentId, current, latest],
          )
        }
      }),
  }
}

/** Notes, before the chunks of a revision are stored, that they may be there in vain. */
export async function noteStaleRevisions(sql: Sql, documentId: string): Promise<void> {
  await sql.run('UPDATE documents SET may_have_stale_chunks = 1 WHERE id = ?', [documentId])
}
