import { z } from 'zod'
import { type ErrorCode, errorStatus } from '../../core/errors.js'

/** What crosses the line between this process and the recognising child. Neither side trusts the other's shapes. */
export const ocrRequest = z.strictObject({
  id: z.number(),
  path: z.string(),
  page: z.number().int().positive().nullable(),
  passwords: z.array(z.string()),
})
export type OcrRequest = z.infer<typeof ocrRequest>
export type OcrPicture = Omit<OcrRequest, 'id'>

const block = z.strictObject({
  text: z.string(),
  bbox: z.strictObject({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  confidence: z.number().min(0).max(1),
})

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code)
const problem = z.strictObject({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  remedy: z.string().exactOptional(),
})

export const ocrReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('recognised'), id: z.number(), blocks: z.array(block), rssBytes: z.number() }),
  z.strictObject({ type: z.literal('failed'), id: z.number(), problem, rssBytes: z.number() }),
])
export type OcrReply = z.infer<typeof ocrReply>
