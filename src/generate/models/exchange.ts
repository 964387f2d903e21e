import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'

export interface ExchangeOptions {
  headers: Record<string, string>
  /** Posted as JSON; without it the request is a GET. */
  body?: object
  /** Ends the exchange and closes its connection, at any time. */
  signal: AbortSignal
  onConnected: () => void
}

/**
 * One request on a connection of its own, which closes with it. Node's own client and not `fetch`: that one does not
 * tell when the connection stands, follows redirects and has time limits of its own. Resolves with the head of the reply.
 */
export function exchange(
  url: string,
  { headers, body, signal, onConnected }: ExchangeOptions,
): Promise<IncomingMessage> {
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const outgoing = send(url, {
      method: content ? 'POST' : 'GET',
      headers: {
        ...headers,
        ...(content ? { 'content-type': 'application/json', 'content-length': content.length } : {}),
      },
      agent: false,
      signal,
    })
    outgoing.on('socket', (socket) => {
      socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', onConnected)
    })
    // Stays after the reply began: a connection that drops later reports here too, and is read from the reply.
    outgoing.on('error', reject)
    outgoing.on('response', (reply) => {
      reply.on('error', () => undefined)
      resolve(reply)
    })
    outgoing.end(content)
  })
}

/** The beginning of a reply's body as text, for error messages. */
export async function beginningOf(reply: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  for await (const piece of reply) {
    pieces.push(piece)
    sizeBytes += piece.length
    if (sizeBytes >= maxBytes) break
  }
  return Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8')
}
