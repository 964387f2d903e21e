import { z } from 'zod'
import type { Page } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'

/**
 * Where a list goes on, newest first: below this `seq`. Rows that are added later stand above it, so no page shifts.
 * Opaque to callers.
 * @throws InkstoneError `invalid_request`
 */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  const text = Buffer.from(cursor, 'base64url').toString()
  const seq = /^before:(\d{1,15})$/.exec(text)?.[1]
  if (seq === undefined) {
    throw new InkstoneError('invalid_request', 'the cursor is not one of this list', {
      remedy: 'use nextCursor of the page before, unchanged, or leave the cursor out to start again',
    })
  }
  return Number(seq)
}

/** Reads a row together with the `seq` that its cursor is made of. */
export function withSeq<T>(shape: z.ZodType<T>): z.ZodType<{ seq: number; item: T }> {
  return z.unknown().transform((row) => ({ seq: numbered.parse(row).seq, item: shape.parse(row) }))
}

const numbered = z.object({ seq: z.number().int() })

/** `rows` hold one more than `limit` when the list goes on. */
export function toPage<T>(rows: readonly { seq: number; item: T }[], limit: number): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor = rows.length > limit && last ? Buffer.from(`before:${last.seq}`).toString('base64url') : null
  return { items: shown.map(({ item }) => item), nextCursor }
}
