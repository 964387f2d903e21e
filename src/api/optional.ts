import { z } from 'zod'

/**
 * A key that may be left out. Typed as exact, since JSON has no `undefined`; it runs as zod's plain optional because
 * that is the one the OpenAPI generator can tell from a required key.
 */
export function optional<T extends z.ZodType>(schema: T): z.ZodExactOptional<T> {
  return schema.optional() as unknown as z.ZodExactOptional<T>
}

/** `schema` or null. Unlike `.nullable()` it leaves a schema with a name as it is in the OpenAPI document. */
export function orNull<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodNull]> {
  return z.union([schema, z.null()])
}
