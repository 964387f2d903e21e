import type { MiddlewareHandler } from 'hono'
import { newId } from '../core/ids.js'
import type { Logger } from '../core/ports.js'
import type { ServerEnv } from './context.js'

const saneRequestId = /^[A-Za-z0-9._-]{1,64}$/

/** Gives every request an id (the caller's own X-Request-Id when it is a sane one) and the signal of its client. */
export const identifyRequest: MiddlewareHandler<ServerEnv> = async (c, next) => {
  const given = c.req.header('x-request-id')
  const requestId = given !== undefined && saneRequestId.test(given) ? given : newId('req')
  c.set('requestId', requestId)
  c.set('signal', c.req.raw.signal)
  await next()
  c.res.headers.set('x-request-id', requestId)
}

/**
 * One line for each request, written when its reply is complete or its client is gone. It never holds a body, a query
 * or a header: those carry documents, questions and keys.
 */
export function logRequests(log: Logger): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    const write = () => {
      const fields = {
        requestId: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        durationMs: Math.round(performance.now() - startedAt),
        ...(c.get('signal').aborted ? { aborted: true } : {}),
      }
      const isProbe = c.req.path === '/livez' || c.req.path === '/readyz'
      log[isProbe ? 'debug' : 'info'](fields, 'request')
    }
    await next()
    const outgoing = c.env?.outgoing
    if (outgoing === undefined || outgoing.closed) write()
    else outgoing.once('close', write)
  }
}
