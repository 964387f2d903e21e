/** What a server is sent besides model and messages: they differ in what they take. */
export interface Dialect {
  /** The name under which it takes the longest answer. */
  lengthField: 'max_tokens' | 'max_completion_tokens'
  /** Optional fields that it takes. */
  temperature: boolean
  streamOptions: boolean
}

export const commonDialect: Dialect = { lengthField: 'max_tokens', temperature: true, streamOptions: true }

const refusal = /unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted|not allowed|instead|extra/i

/**
 * The dialect to try after a server refused a request (400, 422) and said why; null when the reason is another one.
 * Each change is made once at most, so that tries come to an end.
 */
export function dialectAfter(dialect: Dialect, reason: string): Dialect | null {
  if (!refusal.test(reason)) return null
  if (dialect.lengthField === 'max_tokens' && reason.includes('max_completion_tokens')) {
    return { ...dialect, lengthField: 'max_completion_tokens' }
  }
  if (dialect.streamOptions && reason.includes('stream_options')) return { ...dialect, streamOptions: false }
  if (dialect.temperature && reason.includes('temperature')) return { ...dialect, temperature: false }
  return null
}

/** The fields of a request in a dialect. */
export function fieldsIn(
  dialect: Dialect,
  { maxTokens, temperature }: { maxTokens: number; temperature: number },
): Record<string, unknown> {
  return {
    [dialect.lengthField]: maxTokens,
    stream: true,
    ...(dialect.temperature ? { temperature } : {}),
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
  }
}
