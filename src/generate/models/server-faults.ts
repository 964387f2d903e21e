import { InkstoneError } from '../../core/errors.js'
import { type FailureKind, ModelFailure } from './model-failure.js'

interface Server {
  baseUrl: string
  apiKey?: string | undefined
}

/** The server cannot be reached, or not in time. */
export function unreachable(
  server: Server,
  what: string,
  { kind = 'lasting', cause }: { kind?: FailureKind; cause?: unknown } = {},
): ModelFailure {
  return new ModelFailure('language_model_unreachable', `the language model at ${shown(server.baseUrl)} ${what}`, {
    kind,
    remedy: 'start it, or correct INKSTONE_LLM_BASE_URL; "inkstone doctor" shows what is there',
    cause,
  })
}

/** The server answers, but not with a completion. */
export function refusalOf(
  server: Server,
  why: string,
  { status, retryAfter }: { status?: number; retryAfter?: string | undefined } = {},
): ModelFailure {
  // Some servers repeat the key that they refuse.
  const secretless = server.apiKey ? why.replaceAll(server.apiKey, '******') : why
  const said = secretless.replace(/\s+/g, ' ').slice(0, 300)
  return new ModelFailure('language_model_failed', `the language model at ${shown(server.baseUrl)} failed: ${said}`, {
    kind: status === undefined ? 'lasting' : kindOf(status),
    retryAfterMs: retryAfter === undefined ? null : retryAfterMs(retryAfter, Date.now()),
    remedy: 'check INKSTONE_LLM_MODEL and INKSTONE_LLM_API_KEY; "inkstone doctor" lists the models that are there',
  })
}

/** Whatever broke an exchange, as an InkstoneError. */
export function faultOf(thrown: unknown, server: Server): InkstoneError {
  if (thrown instanceof InkstoneError) return thrown
  const reason = thrown instanceof Error ? thrown.message || codeOf(thrown) : String(thrown)
  return unreachable(server, `could not be reached or hung up: ${reason}`, { kind: 'passing', cause: thrown })
}

/** A host with several addresses that all refuse has its reason in no message. */
function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}

function kindOf(status: number): FailureKind {
  if (status === 408 || status === 429 || status >= 500) return 'passing'
  return status === 400 || status === 413 || status === 422 ? 'request' : 'lasting'
}

/**
 * `Retry-After`: seconds or a date (RFC 9110, 10.2.3).
 * @returns null when it is neither
 */
export function retryAfterMs(value: string, nowMs: number): number | null {
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - nowMs
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

/** A URL without the name and password that it may hold. */
function shown(baseUrl: string): string {
  const url = new URL(baseUrl)
  url.username = ''
  url.password = ''
  return url.href.replace(/\/$/, '')
}
