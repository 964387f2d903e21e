import { setMaxListeners } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { InkstoneError } from '../core/errors.js'
import type { ServerApp } from './context.js'

/** Long enough for a large file over a slow line; the time for headers stays Node's minute. */
const requestTimeoutMs = 3_600_000
const idleSweepMs = 50

export interface ListenOptions {
  host: string
  /** 0 picks a free one. */
  port: number
  /** How long `close` waits for replies that are under way. */
  graceMs?: number
}

/**
 * Serves the app.
 * @returns the URL to reach it under on this machine, and `close`, which ends event streams at once, lets other
 *   replies finish within `graceMs` and then cuts what is left
 * @throws InkstoneError `address_in_use` when the port is taken, `invalid_configuration` when the address cannot be used
 */
export async function listen(
  app: ServerApp,
  { host, port, graceMs = 3_000 }: ListenOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const closing = new AbortController()
  // Every open stream of events listens to it.
  setMaxListeners(0, closing.signal)
  const listener = getRequestListener((request, env) => app.fetch(request, { ...env, closing: closing.signal }), {
    errorHandler: () => unreadableRequest(),
  })
  const server = createServer({ requestTimeout: requestTimeoutMs }, listener)
  await start(server, host, port)
  return {
    url: urlOf(server, host),
    async close() {
      closing.abort(new InkstoneError('cancelled', 'the server is stopping'))
      await stop(server, graceMs)
    },
  }
}

function start(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(describeStartError(error, host, port)))
    server.listen(port, host, resolve)
  })
}

function describeStartError(error: Error, host: string, port: number): InkstoneError {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new InkstoneError('address_in_use', `port ${port} of ${host} is taken by another program`, {
      remedy: 'stop that program, or choose another port (INKSTONE_PORT); 0 picks a free one',
      cause: error,
    })
  }
  return new InkstoneError('invalid_configuration', `cannot listen on ${host}:${port}: ${error.message}`, {
    remedy: 'choose another host or port (INKSTONE_HOST, INKSTONE_PORT)',
    cause: error,
  })
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    // A connection whose last reply ends from now on would wait for its next request.
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs)
    server.close((error) => {
      clearTimeout(cut)
      clearInterval(sweep)
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeIdleConnections()
  })
}

function urlOf(server: Server, host: string): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new InkstoneError('internal', 'the server has no address')
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${reachable}:${address.port}`
}

/** For requests too broken to become one, such as a Host header that is no host. */
function unreadableRequest(): Response {
  const problem = {
    type: 'urn:inkstone:problem:invalid_request',
    title: 'Invalid request',
    status: 400,
    detail: 'the request line or the Host header is not valid',
    code: 'invalid_request',
  }
  return new Response(JSON.stringify(problem), { status: 400, headers: { 'content-type': 'application/problem+json' } })
}
