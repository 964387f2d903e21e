import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ChatServer {
  /** Ends in `/v1`. */
  baseUrl: string
  /** Bodies of the completions asked for so far. */
  requests: unknown[]
  /** When replies were given up by the client before they ended, by `performance.now()`. */
  abandonedAt: number[]
  openConnections(): number
  /** From now on completions are answered like this. */
  answerWith(reply: ChatReply): void
  close(): Promise<void>
}

/** @param body of the completion asked for */
export type ChatReply = (response: ServerResponse, request: IncomingMessage, body?: unknown) => void | Promise<void>

const stream = { 'content-type': 'text/event-stream' }

/** One event of a streamed completion. */
export const piece = (content: string) => frame({ choices: [{ delta: { content } }] })

export const frame = (chunk: unknown) => `data: ${JSON.stringify(chunk)}\n\n`

/** Begins a stream, writes the pieces and leaves it open. */
export function beginStream(response: ServerResponse, pieces: readonly string[] = []): void {
  response.writeHead(200, stream).flushHeaders()
  for (const content of pieces) response.write(piece(content))
}

/** Writes pieces of a completion as a model server does. */
export function streamText(
  pieces: readonly string[],
  { done = true, reason = 'stop' }: { done?: boolean; reason?: string | null } = {},
): ChatReply {
  return (response) => {
    beginStream(response)
    response.write(frame({ choices: [{ delta: { role: 'assistant', content: '' } }] }))
    for (const content of pieces) response.write(piece(content))
    if (reason !== null) response.write(frame({ choices: [{ delta: {}, finish_reason: reason }] }))
    response.write(frame({ choices: [], usage: { prompt_tokens: 10, completion_tokens: pieces.length } }))
    response.end(done ? 'data: [DONE]\n\n' : undefined)
  }
}

/** Begins a stream and says nothing more: a model that hangs after its first words. */
export const hangAfter =
  (...pieces: string[]): ChatReply =>
  (response) =>
    beginStream(response, pieces)

/** Writes a word every `everyMs` until the client is gone. */
export function streamForever(word: string, everyMs: number): ChatReply {
  return (response) => {
    beginStream(response)
    const timer = setInterval(() => response.write(piece(word)), everyMs)
    response.on('close', () => clearInterval(timer))
  }
}

/** A scripted OpenAI-compatible server on a free loopback port that speaks real server-sent events. */
export async function chatServer(reply: ChatReply, { models = ['scripted'] } = {}): Promise<ChatServer> {
  const state = { reply, requests: [] as unknown[], abandonedAt: [] as number[], open: 0 }
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) state.abandonedAt.push(performance.now())
    })
    if (request.url?.endsWith('/models')) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: models.map((id) => ({ id })) }))
      return
    }
    const body: unknown = JSON.parse(await text(request))
    state.requests.push(body)
    await state.reply(response, request, body)
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
    requests: state.requests,
    abandonedAt: state.abandonedAt,
    openConnections: () => state.open,
    answerWith: (other) => {
      state.reply = other
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
