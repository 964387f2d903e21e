import { z } from 'zod'
import type { Catalogue, Page } from '../../core/catalogue.js'
import type { Conversation } from '../../core/conversation.js'
import { InkstoneError } from '../../core/errors.js'
import { newId } from '../../core/ids.js'
import { answerRow, readAnswer } from './answer-rows.js'
import type { Database, Sql } from './database.js'

type Conversations = Pick<
  Catalogue,
  | 'createConversation'
  | 'getConversation'
  | 'listConversations'
  | 'renameConversation'
  | 'deleteConversation'
  | 'listTurns'
>

export function conversations(database: Database): Conversations {
  return {
    createConversation: ({ id = newId('cnv'), title, knowledgeBaseIds }) =>
      database.write(async (sql) => {
        const now = new Date().toISOString()
        await sql.run(
          'INSERT INTO conversations (id, title, knowledge_base_ids, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
          [id, title, JSON.stringify(knowledgeBaseIds), now, now],
        )
        return findConversation(sql, id)
      }),

    getConversation: (id) => database.read((sql) => findConversation(sql, id)),

    listConversations: ({ limit, cursor }) =>
      database.read(async (sql) => {
        const { updatedAt, seq } = readPlace(cursor)
        const rows = await sql.all(
          placedRow,
          `${select} WHERE (updated_at, seq) < (?, ?) ORDER BY updated_at DESC, seq DESC LIMIT ?`,
          [updatedAt, seq, limit + 1],
        )
        return toPage(rows, limit)
      }),

    renameConversation: (id, title) =>
      database.write(async (sql) => {
        await findConversation(sql, id)
        await sql.run('UPDATE conversations SET title = ? WHERE id = ?', [title, id])
        return findConversation(sql, id)
      }),

    deleteConversation: (id) =>
      database.write(async (sql) => {
        await findConversation(sql, id)
        await sql.run('DELETE FROM answers WHERE conversation_id = ?', [id])
        await sql.run('DELETE FROM conversations WHERE id = ?', [id])
      }),

    listTurns: (id, { limit }) =>
      database.read(async (sql) => {
        await findConversation(sql, id)
        const newest = await sql.all(
          answerRow,
          'SELECT * FROM answers WHERE conversation_id = ? ORDER BY position DESC LIMIT ?',
          [id, limit],
        )
        return newest.reverse().map(readAnswer)
      }),
  }
}

const select = `SELECT *, (SELECT count(*) FROM answers WHERE conversation_id = conversations.id) AS turn_count
  FROM conversations`

const scope = z.array(z.string()).nullable()

const conversationRow = z
  .object({
    id: z.string(),
    title: z.string(),
    knowledge_base_ids: z.string().transform((json) => scope.parse(JSON.parse(json))),
    turn_count: z.number(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .transform(
    (row): Conversation => ({
      id: row.id,
      title: row.title,
      knowledgeBaseIds: row.knowledge_base_ids,
      turnCount: row.turn_count,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
  )

const placedRow: z.ZodType<{ seq: number; item: Conversation }> = z
  .unknown()
  .transform((row) => ({ seq: numbered.parse(row).seq, item: conversationRow.parse(row) }))

const numbered = z.object({ seq: z.number().int() })

/** @throws InkstoneError `conversation_not_found` */
async function findConversation(sql: Sql, id: string): Promise<Conversation> {
  const found = await sql.first(conversationRow, `${select} WHERE id = ?`, [id])
  if (found) return found
  throw new InkstoneError('conversation_not_found', `there is no conversation "${id}"`, {
    remedy: '"inkstone conversations list" shows those that there are',
  })
}

/** Where the list goes on: behind what was updated then. One that is spoken in meanwhile moves to the first page. */
function readPlace(cursor: string | undefined): { updatedAt: string; seq: number } {
  if (cursor === undefined) return { updatedAt: '9999', seq: 0 }
  const [, updatedAt, seq] = /^updated:(\S{1,40}) (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (updatedAt !== undefined && seq !== undefined) return { updatedAt, seq: Number(seq) }
  throw new InkstoneError('invalid_request', 'the cursor is not one of this list', {
    remedy: 'use nextCursor of the page before, unchanged, or leave the cursor out to start again',
  })
}

function toPage(rows: readonly { seq: number; item: Conversation }[], limit: number): Page<Conversation> {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const nextCursor = last ? Buffer.from(`updated:${last.item.updatedAt} ${last.seq}`).toString('base64url') : null
  return { items: rows.slice(0, limit).map(({ item }) => item), nextCursor }
}
