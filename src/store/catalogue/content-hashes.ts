import type { Sql } from './database.js'
import { hashRow } from './rows.js'

/** Every content that a document has, had or was about to have. */
export function contentHashes(sql: Sql, documentId: string): Promise<string[]> {
  return sql.all(
    hashRow,
    'SELECT content_hash FROM documents WHERE id = ? UNION SELECT content_hash FROM jobs WHERE document_id = ?',
    [documentId, documentId],
  )
}

/** Those of the hashes that neither a document nor a job that is still to run needs. */
export function unreferenced(sql: Sql, hashes: readonly string[]): Promise<string[]> {
  return sql.all(
    hashRow,
    `SELECT value AS content_hash FROM json_each(?) h
     WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.content_hash = h.value)
       AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.content_hash = h.value AND j.status IN ('queued', 'running'))`,
    [JSON.stringify(hashes)],
  )
}
