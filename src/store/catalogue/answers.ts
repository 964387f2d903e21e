import type { InValue } from '@libsql/client'
import { z } from 'zod'
import type { AnswerRecord, NewAnswerRecord } from '../../core/answer-record.js'
import type { AnswerListOptions, Catalogue } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import { answerRow, answerSummaryRow, readAnswer, readTrace, traceRow } from './answer-rows.js'
import { readCursor, toPage, withSeq } from './cursor.js'
import type { Database, Sql } from './database.js'
import { countRow } from './rows.js'

type Answers = Pick<
  Catalogue,
  'saveAnswer' | 'getAnswer' | 'getAnswerTrace' | 'listAnswers' | 'deleteAnswer' | 'setFeedback' | 'pruneAnswers'
>

export function answers(database: Database): Answers {
  return {
    saveAnswer: (record) =>
      database.write(async (sql) => {
        await requireSources(sql, record)
        await insertAnswer(sql, record)
        return findAnswer(sql, record.id)
      }),

    getAnswer: (id) => database.read((sql) => findAnswer(sql, id)),

    getAnswerTrace: (id) =>
      database.read(async (sql) => {
        const trace = await sql.first(traceRow, 'SELECT trace FROM answers WHERE id = ?', [id])
        if (trace === null) throw unknownAnswer(id)
        return readTrace(trace, id)
      }),

    listAnswers: ({ limit, cursor, ...wanted }) =>
      database.read(async (sql) => {
        const { conditions, args } = conditionsOf(wanted)
        const rows = await sql.all(
          withSeq(answerSummaryRow),
          `SELECT ${summaryColumns} FROM answers WHERE ${['seq < ?', ...conditions].join(' AND ')}
           ORDER BY seq DESC LIMIT ?`,
          [readCursor(cursor), ...args, limit + 1],
        )
        return toPage(rows, limit)
      }),

    deleteAnswer: (id) =>
      database.write(async (sql) => {
        if (!(await exists(sql, 'answers', id))) throw unknownAnswer(id)
        await sql.run('DELETE FROM answers WHERE id = ?', [id])
      }),

    setFeedback: (id, { rating, reason = null, correctedAnswer = null }) =>
      database.write(async (sql) => {
        await sql.run('UPDATE answers SET rating = ?, reason = ?, corrected_answer = ?, feedback_at = ? WHERE id = ?', [
          rating,
          reason,
          correctedAnswer,
          new Date().toISOString(),
          id,
        ])
        return findAnswer(sql, id)
      }),

    pruneAnswers: ({ before, keep }) =>
      database.write(async (sql) => {
        // Found and deleted by the index: a look at every answer would take longer with each that is kept.
        const newest = 'SELECT asked_at, seq FROM answers ORDER BY asked_at DESC, seq DESC LIMIT 1 OFFSET ?'
        const surplus = (await sql.first(placeRow, newest, [keep])) ?? { asked_at: '', seq: 0 }
        await removeAnswers(sql, {
          where: 'asked_at < ? OR (asked_at, seq) <= (?, ?)',
          args: [before.toISOString(), surplus.asked_at, surplus.seq],
        })
      }),
  }
}

const placeRow = z.object({ asked_at: z.string(), seq: z.number() })

/** What was in a knowledge base is to be gone with it, quotes in answers included. */
export function removeAnswersOf(sql: Sql, knowledgeBaseId: string): Promise<void> {
  return removeAnswers(sql, {
    where: 'seq IN (SELECT answer FROM answer_sources WHERE knowledge_base_id = ?)',
    args: [knowledgeBaseId],
  })
}

/** A conversation goes with the last of its answers; one in which nothing has been asked yet stays. */
async function removeAnswers(sql: Sql, { where, args }: { where: string; args: InValue[] }): Promise<void> {
  await sql.run(
    `DELETE FROM conversations WHERE id IN (SELECT conversation_id FROM answers WHERE ${where})
       AND NOT EXISTS (SELECT 1 FROM answers WHERE conversation_id = conversations.id AND NOT (${where}))`,
    [...args, ...args],
  )
  await sql.run(`DELETE FROM answers WHERE ${where}`, args)
}

const summaryColumns = `seq, id, question, knowledge_base_ids, conversation_id, position, asked_at, status, model_id,
  rating, reason, corrected_answer, feedback_at`

async function insertAnswer(sql: Sql, record: NewAnswerRecord): Promise<void> {
  const { id, conversationId, askedAt, trace } = record
  await sql.run(
    `INSERT INTO answers (id, question, knowledge_base_ids, conversation_id, position, asked_at, status, model_id,
       answer, trace)
     VALUES (?, ?, ?, ?, CASE WHEN ? IS NULL THEN NULL ELSE
       (SELECT coalesce(max(position), 0) + 1 FROM answers WHERE conversation_id = ?) END, ?, ?, ?, ?, ?)`,
    [
      id,
      record.question,
      JSON.stringify(record.knowledgeBaseIds),
      ...[conversationId, conversationId, conversationId],
      askedAt,
      record.status,
      record.modelId,
      JSON.stringify(record.answer),
      JSON.stringify(trace),
    ],
  )
  await sql.run(
    `INSERT OR IGNORE INTO answer_sources (answer, document_id, knowledge_base_id)
     SELECT answers.seq, json_extract(document.value, '$.documentId'), json_extract(document.value, '$.knowledgeBaseId')
     FROM answers, json_each(?) AS document WHERE answers.id = ?`,
    [JSON.stringify(trace.documents), id],
  )
  await sql.run('UPDATE conversations SET updated_at = ? WHERE id = ?', [new Date().toISOString(), conversationId])
}

/** @throws InkstoneError `knowledge_base_not_found`, `conversation_not_found` */
async function requireSources(sql: Sql, { conversationId, trace }: NewAnswerRecord): Promise<void> {
  for (const id of new Set(trace.documents.map(({ knowledgeBaseId }) => knowledgeBaseId))) {
    if (await exists(sql, 'knowledge_bases', id)) continue
    throw new InkstoneError('knowledge_base_not_found', `the knowledge base "${id}" has been deleted meanwhile`)
  }
  if (conversationId === null || (await exists(sql, 'conversations', conversationId))) return
  throw new InkstoneError('conversation_not_found', `there is no conversation "${conversationId}"`)
}

async function exists(sql: Sql, table: 'answers' | 'conversations' | 'knowledge_bases', id: string): Promise<boolean> {
  return (await sql.first(countRow, `SELECT count(*) AS total FROM ${table} WHERE id = ?`, [id])) === 1
}

function conditionsOf({ conversationId, knowledgeBaseId, documentId, rating }: AnswerListOptions): {
  conditions: string[]
  args: InValue[]
} {
  const wanted = [
    { sql: 'conversation_id = ?', value: conversationId },
    { sql: 'EXISTS (SELECT 1 FROM json_each(knowledge_base_ids) WHERE value = ?)', value: knowledgeBaseId },
    { sql: 'seq IN (SELECT answer FROM answer_sources WHERE document_id = ?)', value: documentId },
    { sql: 'rating = ?', value: rating },
  ].flatMap(({ sql, value }) => (value === undefined ? [] : [{ sql, value }]))
  return { conditions: wanted.map(({ sql }) => sql), args: wanted.map(({ value }) => value) }
}

/** @throws InkstoneError `answer_not_found` */
export async function findAnswer(sql: Sql, id: string): Promise<AnswerRecord> {
  const found = await sql.first(answerRow, `SELECT ${summaryColumns}, answer FROM answers WHERE id = ?`, [id])
  if (found === null) throw unknownAnswer(id)
  return readAnswer(found)
}

function unknownAnswer(id: string): InkstoneError {
  return new InkstoneError('answer_not_found', `there is no answer "${id}"`, {
    remedy: '"inkstone answer list" shows those that there are; one that is still being written is not among them',
  })
}
