import { setTimeout as sleep } from 'node:timers/promises'
import { InkstoneError } from '../core/errors.js'

const attempts = 4
/** A server that asks for more patience than this is better reported than waited for. */
const longestWaitMs = 60_000

export interface EmbeddingsEndpoint {
  /**
   * Posts a body and resolves to the reply's JSON. Tries again after 429, 5xx and broken connections, as soon as
   * `Retry-After` allows.
   * @throws InkstoneError `embedding_failed`, `cancelled`
   */
  post(body: unknown, signal?: AbortSignal): Promise<unknown>
}

/** The `/embeddings` of a server below `baseUrl`. */
export function embeddingsEndpoint({
  baseUrl,
  apiKey,
  timeoutMs,
  retryDelayMs,
}: {
  baseUrl: string
  apiKey: string | undefined
  timeoutMs: number
  retryDelayMs: number
}): EmbeddingsEndpoint {
  const url = `${baseUrl.replace(/\/+$/, '')}/embeddings`
  const headers = {
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  }
  async function tryOnce(body: unknown, signal: AbortSignal | undefined): Promise<Attempt> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      })
      const text = await response.text()
      if (response.ok) return { kind: 'reply', json: JSON.parse(text) }
      const reason = `${url} answered ${response.status}: ${text.slice(0, 300)}`
      const isPassing = response.status === 429 || response.status >= 500
      return isPassing
        ? { kind: 'retry', reason, waitMs: retryAfterMs(response) }
        : { kind: 'final', reason, status: response.status }
    } catch (error) {
      if (error instanceof SyntaxError) return { kind: 'final', reason: `${url} did not answer with JSON`, status: 200 }
      return { kind: 'retry', reason: `${url} cannot be reached: ${reasonOf(error)}`, waitMs: null }
    }
  }

  return {
    post: async (body, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await tryOnce(body, signal)
        if (signal?.aborted) throw new InkstoneError('cancelled', 'the embedding was stopped')
        if (outcome.kind === 'reply') return outcome.json
        const waitMs = outcome.kind === 'retry' ? (outcome.waitMs ?? retryDelayMs * 2 ** (attempt - 1)) : 0
        if (outcome.kind === 'final' || attempt === attempts || waitMs > longestWaitMs) throw failure(outcome)
        await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
          throw new InkstoneError('cancelled', 'the embedding was stopped')
        })
      }
    },
  }
}

type Attempt =
  | { kind: 'reply'; json: unknown }
  | { kind: 'retry'; reason: string; waitMs: number | null }
  | { kind: 'final'; reason: string; status: number }

function failure(outcome: Exclude<Attempt, { kind: 'reply' }>): InkstoneError {
  const isKey = outcome.kind === 'final' && (outcome.status === 401 || outcome.status === 403)
  return new InkstoneError('embedding_failed', `the embedding server failed: ${outcome.reason}`, {
    remedy: isKey
      ? 'check the API key of the embedding server'
      : 'check that the embedding server runs, that its base URL ends before "/embeddings" and that it serves the model',
  })
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(response: Response): number | null {
  const value = response.headers.get('retry-after')
  if (value === null) return null
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
