import { z } from 'zod'
import type { Page } from '../core/catalogue.js'
import { limits } from './limits.js'
import { optional } from './optional.js'

/** Query parameters of every list that comes in pages. */
export const pagingParameters = {
  limit: optional(
    z.coerce
      .number()
      .int()
      .min(1)
      .max(limits.pageItems)
      .meta({ description: 'Most items in one reply.', examples: [50] }),
  ),
  cursor: optional(
    z.string().min(1).max(1_000).meta({ description: 'The `nextCursor` of the reply before this one.' }),
  ),
}

/** `{ items }`: a list that comes whole. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item) })
}

/** `{ items, nextCursor }`: one page of a list; `nextCursor` is null on the last. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
  }) satisfies z.ZodType<Page<z.infer<T>>>
}
