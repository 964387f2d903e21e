import type { IncomingMessage } from 'node:http'
import { beginningOf, exchange } from './exchange.js'
import { type Patience, patienceWith } from './patience.js'
import { faultOf, refusalOf, unreachable } from './server-faults.js'

/** A server that is asked, with a time limit for each stage of an answer. */
export interface WatchedServer {
  baseUrl: string
  apiKey?: string | undefined
  patience: Patience
}

export type Watch = ReturnType<typeof patienceWith>

const errorBytes = 4 * 1024

/** The watch over exchanges with a server: it ends them when one is late, or when the signal fires. */
export function watchOver(server: WatchedServer, outer: AbortSignal | undefined): Watch {
  return patienceWith(server.patience, { outer, late: (what) => unreachable(server, what) })
}

/** Exchanges within the time limits. @throws ModelFailure whatever breaks them */
export async function watching<T>(
  server: WatchedServer,
  outer: AbortSignal | undefined,
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  const watch = watchOver(server, outer)
  try {
    return await work(watch)
  } catch (error) {
    throw faultOf(watch.explain(error), server)
  } finally {
    watch.stop()
  }
}

/** The address of a path below a server's base, which may end in a slash. */
export function addressOf({ baseUrl }: Pick<WatchedServer, 'baseUrl'>, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}${path}`
}

/** Asks with the server's key. @throws ModelFailure for a status other than 2xx */
export async function ask(
  server: WatchedServer,
  url: string,
  { body, accept, watch }: { body?: object; accept?: string; watch: Watch },
): Promise<IncomingMessage> {
  const reply = await exchange(url, {
    headers: { ...(accept ? { accept } : {}), ...(server.apiKey ? { authorization: `Bearer ${server.apiKey}` } : {}) },
    ...(body ? { body } : {}),
    signal: watch.signal,
    onConnected: watch.connected,
  })
  const status = reply.statusCode ?? 0
  if (status >= 200 && status < 300) return reply
  const detail = await beginningOf(reply, errorBytes).catch(() => '')
  throw refusalOf(server, `it answered ${status}: ${detail}`, { status, retryAfter: reply.headers['retry-after'] })
}
