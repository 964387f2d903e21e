import type { InValue } from '@libsql/client'
import { z } from 'zod'
import { momentOf } from '../../core/moment.js'
import type { Metadata } from '../../core/types.js'
import type { Sql } from './database.js'
import { metadata } from './rows.js'

const rowsAtATime = 200

/**
 * Writes the metadata of a document once more, one row a value, so that filters find it by index. To be called in the
 * transaction that changes the metadata.
 */
export async function writeFields(sql: Sql, documentId: string, given: Metadata): Promise<void> {
  const document = await sql.first(documentKey, 'SELECT seq, knowledge_base_id FROM documents WHERE id = ?', [
    documentId,
  ])
  if (document === null) return
  await sql.run('DELETE FROM document_fields WHERE document = ?', [document.seq])
  await insertFields(sql, document, given)
}

/** For the documents that were there before there were fields. */
export async function writeAllFields(sql: Sql): Promise<void> {
  const described = "SELECT seq, knowledge_base_id, metadata FROM documents WHERE metadata <> '{}' AND seq > ?"
  const page = (after: number) => sql.all(describedDocument, `${described} ORDER BY seq LIMIT 500`, [after])
  for (let rows = await page(0); rows.length > 0; rows = await page(rows.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER)) {
    for (const row of rows) await insertFields(sql, row, row.metadata)
  }
}

const documentKey = z.object({ seq: z.number().int(), knowledge_base_id: z.string() })
const describedDocument = documentKey.extend({ metadata })

async function insertFields(sql: Sql, document: z.infer<typeof documentKey>, given: Metadata): Promise<void> {
  const rows = Object.entries(given).flatMap(([key, value]) =>
    fieldValues(value).map((columns): InValue[] => [document.seq, document.knowledge_base_id, key, ...columns]),
  )
  for (let start = 0; start < rows.length; start += rowsAtATime) {
    const some = rows.slice(start, start + rowsAtATime)
    await sql.run(
      `INSERT INTO document_fields (document, knowledge_base_id, key, text, number, truth, moment)
       VALUES ${some.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
      some.flat(),
    )
  }
}

/** The columns `text, number, truth, moment` of each value: one of the first three, and the moment of a text that is a date. */
function fieldValues(value: Metadata[string]): InValue[][] {
  if (Array.isArray(value)) return [...new Set(value)].flatMap(fieldValues)
  if (typeof value === 'number') return [[null, value, null, null]]
  if (typeof value === 'boolean') return [[null, null, value ? 1 : 0, null]]
  return [[value, null, null, momentOf(value)]]
}
