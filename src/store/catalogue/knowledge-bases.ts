import type { Catalogue } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import type { KnowledgeBase } from '../../core/types.js'
import { removeAnswersOf } from './answers.js'
import { unreferenced } from './content-hashes.js'
import type { Database, Sql } from './database.js'
import { noteFiles, noteRemovals } from './removals.js'
import { hashRow, knowledgeBaseRow } from './rows.js'

type KnowledgeBases = Pick<
  Catalogue,
  'createKnowledgeBase' | 'listKnowledgeBases' | 'getKnowledgeBase' | 'updateKnowledgeBase' | 'deleteKnowledgeBase'
>

const select = `SELECT k.*, (SELECT count(*) FROM documents d WHERE d.knowledge_base_id = k.id) AS document_count
  FROM knowledge_bases k`

export function knowledgeBases(database: Database): KnowledgeBases {
  return {
    createKnowledgeBase: ({ slug, name }) =>
      database.write(async (sql) => {
        const taken = await sql.first(knowledgeBaseRow, `${select} WHERE k.slug = ? OR k.id = ?`, [slug, slug])
        if (taken) {
          throw new InkstoneError('conflict', `there is a knowledge base "${slug}" already`, {
            remedy: 'choose another name; "inkstone kb list" shows those that are taken',
          })
        }
        const id = newId('kb')
        await sql.run('INSERT INTO knowledge_bases (id, slug, name, created_at) VALUES (?, ?, ?, ?)', [
          id,
          slug,
          name,
          new Date().toISOString(),
        ])
        return findKnowledgeBase(sql, id)
      }),

    listKnowledgeBases: () => database.read((sql) => sql.all(knowledgeBaseRow, `${select} ORDER BY k.seq`)),

    getKnowledgeBase: (idOrSlug) => database.read((sql) => findKnowledgeBase(sql, idOrSlug)),

    updateKnowledgeBase: (id, change) =>
      database.write(async (sql) => {
        const found = await findKnowledgeBase(sql, id)
        const { name, chunkTokens, chunkOverlapTokens, denseTrust, answerability, preamble, glossary } = {
          ...found,
          ...change,
        }
        await sql.run(
          `UPDATE knowledge_bases SET name = ?, chunk_tokens = ?, chunk_overlap_tokens = ?, dense_trust = ?,
             answerability = ?, preamble = ?, glossary = ?
           WHERE id = ?`,
          [
            ...[name, chunkTokens, chunkOverlapTokens, denseTrust, answerability && JSON.stringify(answerability)],
            ...[preamble, JSON.stringify(glossary), found.id],
          ],
        )
        return findKnowledgeBase(sql, found.id)
      }),

    deleteKnowledgeBase: (id) =>
      database.write(async (sql) => {
        const found = await findKnowledgeBase(sql, id)
        const hashes = await sql.all(
          hashRow,
          `SELECT content_hash FROM documents WHERE knowledge_base_id = ?
           UNION SELECT content_hash FROM jobs WHERE knowledge_base_id = ?`,
          [found.id, found.id],
        )
        await sql.run('DELETE FROM knowledge_bases WHERE id = ?', [found.id])
        await removeAnswersOf(sql, found.id)
        await noteRemovals(sql, [{ kind: 'table', id: found.id, knowledgeBaseId: found.id }])
        return { orphanedHashes: await noteFiles(sql, await unreferenced(sql, hashes), found.id) }
      }),
  }
}

/** By id or slug. @throws InkstoneError `knowledge_base_not_found` */
export async function findKnowledgeBase(sql: Sql, idOrSlug: string): Promise<KnowledgeBase> {
  const found = await sql.first(knowledgeBaseRow, `${select} WHERE k.id = ? OR k.slug = ?`, [idOrSlug, idOrSlug])
  if (found) return found
  throw new InkstoneError('knowledge_base_not_found', `there is no knowledge base "${idOrSlug}"`, {
    remedy: '"inkstone kb list" shows those that there are',
  })
}
