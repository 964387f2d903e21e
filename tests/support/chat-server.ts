import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ChatServer {
  /** Ends in `/v1`. */
  baseUrl: string
  /** Bodies of the completions asked for so far. */
  requests: unknown[]
  /** Replies that the client gave up before they ended. */
  abandoned: number
  close(): Promise<void>
}

export type ChatReply = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>

/** Writes pieces of a completion as a model server does. */
export function streamText(pieces: readonly string[], { done = true }: { done?: boolean } = {}): ChatReply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of pieces) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
    const usage = { prompt_tokens: 10, completion_tokens: pieces.length }
    response.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`)
    response.end(done ? 'data: [DONE]\n\n' : undefined)
  }
}

/** A scripted OpenAI-compatible server on a free loopback port that speaks real server-sent events. */
export async function chatServer(reply: ChatReply, { models = ['scripted'] } = {}): Promise<ChatServer> {
  const state = { requests: [] as unknown[], abandoned: 0 }
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) state.abandoned++
    })
    if (request.url?.endsWith('/models')) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: models.map((id) => ({ id })) }))
      return
    }
    let body = ''
    request.on('data', (data) => {
      body += String(data)
    })
    request.on('end', () => {
      state.requests.push(JSON.parse(body))
      void reply(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get requests() {
      return state.requests
    },
    get abandoned() {
      return state.abandoned
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
