import type { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import { type ReceivedEvent, readEvents } from './event-source.js'
import { describeFailure, eventProblem, replyProblem } from './failures.js'

export interface ConnectionOptions {
  /** Where the server is, such as `http://127.0.0.1:8420`. */
  baseUrl: string
  apiKey?: string | undefined
  fetch?: typeof globalThis.fetch | undefined
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Readonly<Record<string, string | number | undefined>>
  json?: unknown
  headers?: Readonly<Record<string, string>>
  body?: ReadableStream<Uint8Array>
  signal?: AbortSignal | undefined
}

export interface Connection {
  /** A reply with a status of 2xx. @throws InkstoneError with the code the server sent, `cancelled`, `internal` */
  call(path: string, options?: CallOptions): Promise<Response>
  /** The body of a reply, checked against its schema. */
  read<T>(schema: z.ZodType<T>, path: string, options?: CallOptions): Promise<T>
  /** The events of a stream. An event `error` is thrown; the connection is freed when the caller stops. */
  stream(path: string, options?: CallOptions): AsyncGenerator<ReceivedEvent>
  /** The bytes of a reply; nothing is asked for before the first is read. */
  download(path: string): AsyncGenerator<Uint8Array>
  /** Has fired when the connection was closed. */
  closed: AbortSignal
  /** Ends everything under way. */
  close(): void
}

/** Speaks HTTP to one Inkstone server. */
export function connect({ baseUrl, apiKey, fetch = globalThis.fetch }: ConnectionOptions): Connection {
  const closed = new AbortController()
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }

  async function call(path: string, options: CallOptions = {}): Promise<Response> {
    const { method = 'GET', json, body, headers = {}, signal } = options
    const content = json === undefined ? {} : { 'content-type': 'application/json' }
    // Always one of its own: what a request leaves on it goes with the request, not with the connection.
    const anySignal = AbortSignal.any(signal === undefined ? [closed.signal] : [closed.signal, signal])
    const init: RequestInit = { method, signal: anySignal, headers: { ...authorization, ...content, ...headers } }
    if (json !== undefined) init.body = JSON.stringify(json)
    if (body !== undefined) Object.assign(init, { body, duplex: 'half' })
    let response: Response
    try {
      response = await fetch(urlOf(baseUrl, path, options.query), init)
    } catch (error) {
      throw describeFailure(error, baseUrl, anySignal)
    }
    if (!response.ok) throw await replyProblem(response)
    return response
  }

  return {
    call,
    async read(schema, path, options) {
      const response = await call(path, options)
      const parsed = schema.safeParse(
        await readJson(response, baseUrl, closed.signal.aborted ? closed.signal : options?.signal),
      )
      if (parsed.success) return parsed.data
      throw new InkstoneError('internal', `the server at ${baseUrl} sent a reply that is not understood`, {
        remedy: 'use the same version of Inkstone for the command and the server',
        cause: parsed.error,
      })
    },
    async *stream(path, options = {}) {
      const stop = new AbortController()
      const signal = AbortSignal.any([
        closed.signal,
        stop.signal,
        ...(options.signal === undefined ? [] : [options.signal]),
      ])
      try {
        const response = await call(path, { ...options, signal, headers: { accept: 'text/event-stream' } })
        if (response.body === null) return
        for await (const received of readEvents(response.body)) {
          if (received.event === 'error') throw eventProblem(received.data)
          yield received
        }
      } catch (error) {
        throw error instanceof InkstoneError ? error : describeFailure(error, baseUrl, signal)
      } finally {
        stop.abort()
      }
    },
    async *download(path) {
      const stop = new AbortController()
      try {
        const response = await call(path, { signal: stop.signal })
        if (response.body !== null) yield* response.body
      } catch (error) {
        throw describeFailure(error, baseUrl, closed.signal)
      } finally {
        stop.abort()
      }
    },
    closed: closed.signal,
    close: () => closed.abort(),
  }
}

function urlOf(baseUrl: string, path: string, query: CallOptions['query'] = {}): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${path}`)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

async function readJson(response: Response, baseUrl: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    throw describeFailure(error, baseUrl, signal)
  }
}
