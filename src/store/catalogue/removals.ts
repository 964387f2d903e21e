import { z } from 'zod'
import type { Catalogue, Removal } from '../../core/catalogue.js'
import type { Database, Sql } from './database.js'

type Removals = Pick<Catalogue, 'listRemovals' | 'removalDone'>

const removalRow: z.ZodType<Removal> = z
  .object({ kind: z.enum(['table', 'chunks', 'file']), id: z.string(), knowledge_base_id: z.string() })
  .transform(({ kind, id, knowledge_base_id }) => ({ kind, id, knowledgeBaseId: knowledge_base_id }))

export function removals(database: Database): Removals {
  return {
    listRemovals: () => database.read((sql) => sql.all(removalRow, 'SELECT * FROM removals ORDER BY seq')),
    removalDone: (kind, ids) =>
      database.write((sql) =>
        sql.run('DELETE FROM removals WHERE kind = ? AND id IN (SELECT value FROM json_each(?))', [
          kind,
          JSON.stringify(ids),
        ]),
      ),
  }
}

/** Notes, in the transaction that deletes, what is to go from the other stores. */
export async function noteRemovals(sql: Sql, noted: readonly Removal[]): Promise<void> {
  for (const { kind, id, knowledgeBaseId } of noted) {
    await sql.run('INSERT INTO removals (kind, id, knowledge_base_id) VALUES (?, ?, ?)', [kind, id, knowledgeBaseId])
  }
}

/** The files of `hashes`, which were noted to go. */
export async function noteFiles(sql: Sql, hashes: readonly string[], knowledgeBaseId: string): Promise<string[]> {
  await noteRemovals(
    sql,
    hashes.map((id) => ({ kind: 'file', id, knowledgeBaseId })),
  )
  return [...hashes]
}
