import type { MiddlewareHandler } from 'hono'
import { InkstoneError } from '../core/errors.js'
import type { ServerEnv } from './context.js'
import { isSameOrigin } from './hosts.js'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses requests that a foreign web page sends through the user's browser: a Host this server does not go by, an
 * Origin other than its own, and, where something would change or stream, any sender the browser calls another site.
 * @throws InkstoneError `forbidden`
 */
export function refuseForeignPages(isAllowedHost: (hostHeader: string) => boolean): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (!isAllowedHost(host)) {
      throw new InkstoneError('forbidden', 'this server does not answer under the host name of the request', {
        remedy: 'use http://127.0.0.1, or add the name to allowedHosts (INKSTONE_ALLOWED_HOSTS)',
      })
    }
    const origin = c.req.header('origin')
    if (origin !== undefined && !isSameOrigin(origin, host)) {
      throw new InkstoneError('forbidden', 'requests from pages of another origin are refused')
    }
    const site = c.req.header('sec-fetch-site')
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none'
    const wantsStream = c.req.header('accept')?.includes('text/event-stream') ?? false
    if (isForeign && (wantsStream || c.req.path.endsWith('/events') || !safeMethods.has(c.req.method))) {
      throw new InkstoneError('forbidden', 'requests from pages of another site are refused')
    }
    await next()
  }
}
