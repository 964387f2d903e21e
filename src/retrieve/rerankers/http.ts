import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { InkstoneError } from '../../core/errors.js'
import type { Reranker } from '../../core/ports.js'

export interface HttpRerankerOptions {
  /** Up to and without `/rerank`, such as `http://127.0.0.1:8000/v1`. */
  baseUrl: string
  apiKey?: string | undefined
  /** Left out of the request when undefined, for servers that have one model only. */
  model?: string | undefined
  /** For one request. */
  timeoutMs?: number
  /** Before the second try, unless `Retry-After` says otherwise. */
  retryDelayMs?: number
}

/** Cohere, Jina, vLLM and llama.cpp take `documents`; Hugging Face's TEI takes `texts`, and answers with a bare list. */
type Shape = 'documents' | 'texts'

const scored = z.object({ index: z.int().nonnegative(), relevance_score: z.number() })
const replySchemas = {
  documents: z.object({ results: z.array(scored) }).transform(({ results }) => results),
  texts: z
    .array(z.object({ index: z.int().nonnegative(), score: z.number() }))
    .transform((results) => results.map(({ index, score }) => ({ index, relevance_score: score }))),
}

/** A search does not wait longer than this for a busy server. */
const longestWaitMs = 1_000

/**
 * Reranks with a server that has `/rerank`. Which of the two shapes it speaks shows at the first request. Tries once
 * more after 429, 5xx and broken connections. Scores outside 0 to 1 are logits: then all of the reply go through the
 * logistic function, which keeps their order.
 */
export function httpReranker({
  baseUrl,
  apiKey,
  model,
  timeoutMs = 30_000,
  retryDelayMs = 100,
}: HttpRerankerOptions): Reranker {
  const closed = new AbortController()
  const endpoint: Endpoint = { url: `${baseUrl.replace(/\/+$/, '')}/rerank`, apiKey, timeoutMs, retryDelayMs }
  let known: Shape | null = null

  async function ask(shape: Shape, question: string, texts: readonly string[], signal: AbortSignal): Promise<number[]> {
    const named = model === undefined ? {} : { model }
    const body = shape === 'documents' ? { documents: texts, top_n: texts.length } : { texts }
    const json = await post(endpoint, { ...named, query: question, ...body }, signal)
    const reply = replySchemas[shape].safeParse(json)
    if (!reply.success) throw failed(endpoint, `it did not answer as /rerank does: ${z.prettifyError(reply.error)}`)
    const scores = inOrder(reply.data, texts.length, endpoint)
    known = shape
    return scores
  }

  return {
    modelId: model ?? 'rerank-server',
    rerank: async (question, texts, { signal } = {}) => {
      if (texts.length === 0) return []
      const either = signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal])
      if (known !== null) return ask(known, question, texts, either)
      try {
        return await ask('documents', question, texts, either)
      } catch (error) {
        if (!(error instanceof RefusedBody)) throw error
        // When it is not the shape that it refuses, what it said first is the better explanation.
        return ask('texts', question, texts, either).catch((second: unknown) => {
          throw second instanceof InkstoneError && second.code === 'cancelled' ? second : error
        })
      }
    },
    close: async () => closed.abort(),
  }
}

interface Endpoint {
  url: string
  apiKey: string | undefined
  timeoutMs: number
  retryDelayMs: number
}

/** The server does not take the body as it is. */
class RefusedBody extends InkstoneError {}

async function post(endpoint: Endpoint, body: object, signal: AbortSignal): Promise<unknown> {
  for (let isSecond = false; ; isSecond = true) {
    const outcome = await tryOnce(endpoint, body, signal)
    if (signal.aborted) throw new InkstoneError('cancelled', 'the reranking was stopped')
    if (outcome.kind === 'reply') return outcome.json
    const isFinal = outcome.kind === 'final' || outcome.waitMs > longestWaitMs || isSecond
    if (isFinal) throw outcome.error
    await sleep(outcome.waitMs, undefined, { signal }).catch(() => {
      throw new InkstoneError('cancelled', 'the reranking was stopped')
    })
  }
}

type Outcome =
  | { kind: 'reply'; json: unknown }
  | { kind: 'retry'; error: InkstoneError; waitMs: number }
  | { kind: 'final'; error: InkstoneError }

async function tryOnce(endpoint: Endpoint, body: object, signal: AbortSignal): Promise<Outcome> {
  const { url, apiKey, timeoutMs, retryDelayMs } = endpoint
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await response.text()
    if (response.ok) return { kind: 'reply', json: JSON.parse(text) }
    const error = statusError(endpoint, response.status, text)
    const isPassing = response.status === 429 || response.status >= 500
    return isPassing
      ? { kind: 'retry', error, waitMs: retryAfterMs(response) ?? retryDelayMs }
      : { kind: 'final', error }
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'final', error: failed(endpoint, 'it did not answer with JSON') }
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return { kind: 'retry', error: failed(endpoint, `it cannot be reached (${reason})`), waitMs: retryDelayMs }
  }
}

function statusError(endpoint: Endpoint, status: number, text: string): InkstoneError {
  const message = `it answered ${status}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`
  if (status === 401 || status === 403) return failed(endpoint, message, 'check INKSTONE_RERANK_API_KEY')
  if (status !== 400 && status !== 422) return failed(endpoint, message)
  const { code, message: sentence, remedy } = failed(endpoint, message)
  return new RefusedBody(code, sentence, remedy === undefined ? {} : { remedy })
}

function failed(
  { url }: Endpoint,
  why: string,
  remedy = 'check that the server runs, that INKSTONE_RERANK_BASE_URL ends before "/rerank" and that INKSTONE_RERANK_MODEL is its name of the model',
): InkstoneError {
  return new InkstoneError('rerank_failed', `the reranking server at ${url} failed: ${why}`, { remedy })
}

/** The scores in the order of the texts. A server that leaves one out has not read it: no score can be made up for it. */
function inOrder(results: readonly z.infer<typeof scored>[], count: number, endpoint: Endpoint): number[] {
  const byIndex = new Map(results.map(({ index, relevance_score: score }) => [index, score]))
  const scores = Array.from({ length: count }, (_, index) => byIndex.get(index))
  const known = scores.filter((score) => score !== undefined)
  if (known.length < count || results.length !== count) {
    throw failed(endpoint, `it gave scores for ${known.length} of ${count} texts, in ${results.length} results`)
  }
  const isLogits = known.some((score) => score < 0 || score > 1)
  return isLogits ? known.map((score) => 1 / (1 + Math.exp(-score))) : known
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(response: Response): number | null {
  const value = response.headers.get('retry-after')
  if (value === null) return null
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
