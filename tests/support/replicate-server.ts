import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReplicateServer {
  /** Ends in `/v1`. */
  baseUrl: string
  /** What was asked for, in order, such as `POST /v1/predictions`. */
  asked: string[]
  /** Bodies of the predictions asked for. */
  bodies: unknown[]
  /** The keys that came with the requests, each once. */
  keys: Set<string | undefined>
  openConnections(): number
  close(): Promise<void>
}

type Reply = (response: ServerResponse, request: IncomingMessage) => void

export interface ReplicateScript {
  /** Answers the making of a prediction; 201 with its addresses when left out. */
  create?: Reply
  /** Answers the stream of its words; `streamed(['ok'])` when left out. */
  stream?: Reply
  /** What `urls.get` tells of it in the end. */
  outcome?: object
  /** Addresses in place of the server's own. */
  urls?: object
}

/** One server-sent event. */
export const sse = (name: string, data: string) =>
  `event: ${name}\nid: 1:0\n${data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`

export function begin(response: ServerResponse, words: readonly string[] = []): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).flushHeaders()
  for (const word of words) response.write(sse('output', word))
}

/** Writes words as Replicate does, then says that it is done. */
export const streamed =
  (words: readonly string[], done: string | null = '{}'): Reply =>
  (response) => {
    begin(response, words)
    response.end(done === null ? undefined : sse('done', done))
  }

/** A scripted server on a free loopback port that speaks Replicate's streaming API. */
export async function replicateServer(script: ReplicateScript = {}): Promise<ReplicateServer> {
  const asked: string[] = []
  const bodies: unknown[] = []
  const keys = new Set<string | undefined>()
  const state = { open: 0 }
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    keys.add(request.headers.authorization)
    const body = await text(request)
    const at = `http://${request.headers.host}/v1`
    if (request.method === 'POST' && request.url?.endsWith('/predictions')) {
      bodies.push(JSON.parse(body))
      if (script.create) return script.create(response, request)
      const urls = { get: `${at}/predictions/p1`, cancel: `${at}/predictions/p1/cancel`, stream: `${at}/stream/p1` }
      response.writeHead(201, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ id: 'p1', status: 'starting', urls: { ...urls, ...script.urls } }))
    }
    if (request.url?.endsWith('/stream/p1')) return (script.stream ?? streamed(['ok']))(response, request)
    response.writeHead(200, { 'content-type': 'application/json' })
    return response.end(JSON.stringify({ id: 'p1', ...script.outcome }))
  })
  server.on('connection', (socket) => {
    state.open++
    socket.once('close', () => state.open--)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    bodies,
    keys,
    openConnections: () => state.open,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
