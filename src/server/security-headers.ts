import type { MiddlewareHandler } from 'hono'
import type { ServerEnv } from './context.js'

/** Of the chat page: nothing from elsewhere, no inline script or style, no frames. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Of everything that is no page: a browser that shows it runs and loads nothing. */
export const dataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Headers of every reply; a handler that sets its own Content-Security-Policy or Cache-Control keeps it. */
export const securityHeaders: MiddlewareHandler<ServerEnv> = async (c, next) => {
  await next()
  const { headers } = c.res
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-frame-options', 'DENY')
  headers.set('cross-origin-opener-policy', 'same-origin')
  headers.set('cross-origin-resource-policy', 'same-origin')
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', dataPolicy)
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  // Hono answers HEAD with the GET handler and drops the body unread: what feeds it has to be told.
  if (c.req.method === 'HEAD') await c.res.body?.cancel()
}
