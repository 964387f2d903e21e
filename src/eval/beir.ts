import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import { existingPath, type Line, readLines } from './lines.js'
import type { Judgments } from './ranking.js'

export interface Passage {
  id: string
  title: string
  text: string
}

export interface JudgedQuery {
  id: string
  text: string
  judgments: Judgments
}

/** A retrieval set in the layout of BEIR (Thakur et al., NeurIPS 2021). */
export interface BeirSet {
  /** The folder's name. */
  name: string
  /** Number of passages, twins among them. */
  passages: number
  /**
   * Passages whose title and text are, character for character, those of one before. No search can tell the two apart,
   * and judgments often name one of them only: they count as one passage, under the first one's id.
   */
  twins: number
  /** The queries that anything is right for, in the order of the file. */
  queries: JudgedQuery[]
  /** Reads the passages from the start each time, without the twins. */
  readPassages(): AsyncIterable<Passage>
}

const id = z.string().min(1)
const passageLine = z.object({ _id: id, title: z.string().default(''), text: z.string() })
/** A query may be empty: whoever made the set counts it, and nothing is found for it. */
const queryLine = z.object({ _id: id, text: z.string() })
const judgmentLine = z.tuple([id, id, z.coerce.number<string>()])

/**
 * Reads queries and judgments, and every passage once to see that all of it holds together before hours of work.
 * @throws InkstoneError `not_found`; `invalid_request` naming file and line; `file_corrupt`
 */
export async function openBeir(folder: string): Promise<BeirSet> {
  const corpus = await existingPath([join(folder, 'corpus.jsonl')])
  const queriesPath = await existingPath([join(folder, 'queries.jsonl')])
  const qrels = await existingPath([join(folder, 'qrels.tsv'), join(folder, 'qrels', 'test.tsv')])
  const texts = new Map<string, string>()
  for await (const line of readLines(queriesPath)) {
    const query = parsed(queryLine, json(line, queriesPath), { line, path: queriesPath })
    if (texts.has(query._id)) throw wrongLine(line, queriesPath, `the id ${query._id} was there before`)
    texts.set(query._id, query.text)
  }
  const judgments = await readJudgments(qrels, texts)
  const firstIds = await readFirstIds(corpus)
  checkPassages(judgments, { passageIds: new Set(firstIds.keys()), path: qrels })
  const queries = [...texts].flatMap(([queryId, text]) => {
    const right = judgments.get(queryId)
    return right === undefined ? [] : [{ id: queryId, text, judgments: underFirstIds(right, firstIds) }]
  })
  const twins = [...firstIds].filter(([passageId, firstId]) => passageId !== firstId).length
  const name = basename(resolve(folder))
  return { name, passages: firstIds.size, twins, queries, readPassages: () => withoutTwins(corpus, firstIds) }
}

/** The id of each passage, and that of the first one with the same title and text. */
async function readFirstIds(corpus: string): Promise<Map<string, string>> {
  const firstByContent = new Map<string, string>()
  const firstIds = new Map<string, string>()
  for await (const passage of passagesOf(corpus)) {
    const content = createHash('sha256')
      .update(JSON.stringify([passage.title, passage.text]))
      .digest('base64')
    const firstId = firstByContent.get(content) ?? passage.id
    firstByContent.set(content, firstId)
    firstIds.set(passage.id, firstId)
  }
  return firstIds
}

async function* withoutTwins(corpus: string, firstIds: ReadonlyMap<string, string>): AsyncGenerator<Passage> {
  for await (const passage of passagesOf(corpus)) if (firstIds.get(passage.id) === passage.id) yield passage
}

function underFirstIds(judgments: Judgments, firstIds: ReadonlyMap<string, string>): Judgments {
  const merged = new Map<string, number>()
  for (const [passageId, gain] of judgments) {
    const firstId = firstIds.get(passageId) ?? passageId
    merged.set(firstId, Math.max(gain, merged.get(firstId) ?? gain))
  }
  return merged
}

async function* passagesOf(path: string): AsyncGenerator<Passage> {
  const seen = new Set<string>()
  for await (const line of readLines(path)) {
    const { _id, title, text } = parsed(passageLine, json(line, path), { line, path })
    if (seen.has(_id)) throw wrongLine(line, path, `the id ${_id} was there before`)
    seen.add(_id)
    const body = text.trim() === '' ? title : text
    if (body.trim() === '') throw wrongLine(line, path, 'neither title nor text')
    yield { id: _id, title, text: body }
  }
}

async function readJudgments(path: string, texts: ReadonlyMap<string, string>): Promise<Map<string, Judgments>> {
  const judgments = new Map<string, Map<string, number>>()
  for await (const line of readLines(path)) {
    const columns = line.text.trim().split('\t')
    if (line.number === 1 && columns[0] === 'query-id') continue
    const [queryId, passageId, gain] = parsed(judgmentLine, columns, { line, path })
    if (!texts.has(queryId)) throw wrongLine(line, path, `there is no query ${queryId}`)
    if (gain <= 0) continue
    const right = judgments.get(queryId) ?? new Map<string, number>()
    judgments.set(queryId, right.set(passageId, gain))
  }
  if (judgments.size === 0) throw new InkstoneError('invalid_request', `${path} holds no judgment above 0`)
  return judgments
}

function checkPassages(
  judgments: ReadonlyMap<string, Judgments>,
  { passageIds, path }: { passageIds: ReadonlySet<string>; path: string },
): void {
  const missing = [...judgments.values()].flatMap((right) => [...right.keys()]).filter((key) => !passageIds.has(key))
  if (missing.length === 0) return
  const examples = missing.slice(0, 3).join(', ')
  throw new InkstoneError('invalid_request', `${path} names ${missing.length} passages that are not there: ${examples}`)
}

function json({ text }: Line, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return `no JSON in ${path}`
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, { line, path }: { line: Line; path: string }): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path: at, message }) => `${at.join('.')} ${message}`.trim())
  throw wrongLine(line, path, issues.join('; '))
}

function wrongLine({ number }: Line, path: string, reason: string): InkstoneError {
  return new InkstoneError('invalid_request', `${path}, line ${number}: ${reason}`)
}
