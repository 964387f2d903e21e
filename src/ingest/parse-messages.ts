import { z } from 'zod'
import { type ErrorCode, errorStatus } from '../core/errors.js'

/** What crosses the line between this process and a parsing child. Neither side trusts the other's shapes. */
export const parseRequest = z.strictObject({ id: z.number(), path: z.string(), fileName: z.string() })

const block = z.strictObject({
  kind: z.enum(['heading', 'paragraph', 'table', 'list', 'code', 'caption', 'ocr']),
  text: z.string(),
  page: z.number().nullable(),
  headingPath: z.array(z.string()),
  level: z.number().exactOptional(),
})

const parsedFile = z.strictObject({
  title: z.string().nullable(),
  mediaType: z.string(),
  pageCount: z.number().nullable(),
  blocks: z.array(block),
  warnings: z.array(z.string()),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code)
const problem = z.strictObject({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  remedy: z.string().exactOptional(),
})

export const parseReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('parsed'), id: z.number(), file: parsedFile, rssBytes: z.number() }),
  z.strictObject({ type: z.literal('failed'), id: z.number(), problem, rssBytes: z.number() }),
])
export type ParseReply = z.infer<typeof parseReply>
