import { z } from 'zod'
import { type ErrorCode, errorStatus } from '../../core/errors.js'
import { lossPlaces } from '../parsers/losses.js'
import { bounds } from './parse-bounds.js'

/*
 * What crosses the line between this process and a parsing child. Neither side trusts the other's shapes. A file comes
 * back in parts, each answered by `next` before another is sent, and ends with `parsed` or `failed`. Before that, pages
 * that are read may be told of, and early blocks be sent; those are answered as well.
 */

const id = z.number()

export const parseRequest = z.strictObject({
  type: z.literal('parse'),
  id,
  path: z.string(),
  fileName: z.string(),
  scratchDir: z.string(),
  passwords: z.array(z.string()),
  soffice: z.string().nullable(),
  // Whether to tell of it while it is read.
  isFollowed: z.boolean(),
})
export type ParseRequest = z.infer<typeof parseRequest>

export const childMessage = z.discriminatedUnion('type', [
  parseRequest,
  z.strictObject({ type: z.literal('next'), id }),
])

const pageNumber = z.number().int().min(1)
const headingPath = z.array(z.string().max(bounds.headingCharacters)).max(bounds.headings)
const index = z.number().int().min(0)

const block = z.strictObject({
  kind: z.enum(['heading', 'paragraph', 'table', 'list', 'code', 'caption', 'footnote', 'ocr']),
  text: z.string(),
  page: pageNumber.nullable(),
  headingPath,
  level: z.number().exactOptional(),
  bbox: z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).exactOptional(),
  confidence: z.number().min(0).max(1).exactOptional(),
})

const picture = z.strictObject({
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('page'), page: pageNumber }),
    z.strictObject({ kind: z.literal('file'), path: z.string() }),
  ]),
  page: pageNumber.nullable(),
  headingPath,
  at: index,
  replaces: index,
})

const loss = z.strictObject({
  kind: z.enum(['page', 'image', 'formula', 'object', 'text', 'member']),
  count: z.number().int().min(1),
  pages: z.array(pageNumber).max(lossPlaces),
  reason: z.string().max(bounds.noteCharacters),
})

const summary = z.strictObject({
  title: z.string().max(bounds.noteCharacters).nullable(),
  mediaType: z.string(),
  pageCount: z.number().nullable(),
  // One more for each kind sums up the rest.
  losses: z.array(loss).max(bounds.losses + 6),
  warnings: z.array(z.string().max(bounds.noteCharacters)).max(bounds.warnings + 1),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
})
/** A parsed file without what may be many. */
export type ParseSummary = z.infer<typeof summary>

const count = z.number().int().min(1)
const news = [
  z.strictObject({ type: z.literal('pages'), id, done: count, total: count }),
  z.strictObject({
    type: z.literal('early'),
    id,
    title: z.string().max(bounds.noteCharacters).nullable(),
    blocks: z.array(block),
  }),
] as const

const parts = [
  z.strictObject({ type: z.literal('blocks'), id, blocks: z.array(block) }),
  // The text of the last block goes on.
  z.strictObject({ type: z.literal('text'), id, text: z.string() }),
  z.strictObject({ type: z.literal('pictures'), id, pictures: z.array(picture) }),
  z.strictObject({
    type: z.literal('members'),
    id,
    members: z.array(z.strictObject({ name: z.string().min(1), path: z.string() })),
  }),
] as const

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code)
const problem = z.strictObject({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  remedy: z.string().exactOptional(),
})

export const parseReply = z.discriminatedUnion('type', [
  // The process is up and begins with the file: its time counts from here.
  z.strictObject({ type: z.literal('started'), id }),
  ...news,
  ...parts,
  z.strictObject({ type: z.literal('parsed'), id, summary, rssBytes: z.number() }),
  // A process that is spent is not to be given another file.
  z.strictObject({ type: z.literal('failed'), id, problem, isSpent: z.boolean() }),
])
export type ParseReply = z.infer<typeof parseReply>

type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never
export type ParsePart = WithoutId<z.infer<(typeof parts)[number]>>
/** What is told of a file while it is read. */
export type ParseNews = WithoutId<z.infer<(typeof news)[number]>>
