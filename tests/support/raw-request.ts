import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'

export interface RawReply {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

export interface RawRequest {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** A request as it is, with the headers and the path that a browser or `fetch` would not let through. */
export function rawRequest(origin: string, path: string, { method = 'GET', headers, body }: RawRequest = {}) {
  return new Promise<RawReply>((resolve, reject) => {
    const outgoing = openRequest(origin, path, { method, ...(headers === undefined ? {} : { headers }) })
    outgoing.on('error', reject)
    outgoing.on('response', (reply) => {
      const pieces: Buffer[] = []
      reply.on('data', (piece: Buffer) => pieces.push(piece))
      reply.on('error', reject)
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          text: Buffer.concat(pieces).toString('utf8'),
        }),
      )
    })
    outgoing.end(body)
  })
}

/** The same, left open, for bodies that come in pieces or never end. */
export function openRequest(
  origin: string,
  path: string,
  { method = 'POST', headers = {} }: RawRequest,
): ClientRequest {
  const { hostname, port } = new URL(origin)
  return request({ host: hostname, port, path, method, headers, agent: false })
}
