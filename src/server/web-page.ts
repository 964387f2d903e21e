import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { InkstoneError } from '../core/errors.js'
import type { ServerEnv } from './context.js'
import { pagePolicy } from './security-headers.js'
import { serveFile } from './static-files.js'

/**
 * The chat page and its files. They hold nothing private, so they need no key; what they show they fetch from `/v1`.
 * @param webDir the built page; while it is missing `/` says how to build it and the rest of the server works
 */
export function webPage(webDir: string): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next()
    const path = c.req.path === '/' ? '/index.html' : c.req.path
    const reply = await serveFile(webDir, path, {
      ifNoneMatch: c.req.header('if-none-match'),
      headers: { 'content-security-policy': pagePolicy },
    })
    if (reply !== null) return reply
    if (c.req.path === '/' && !existsSync(join(webDir, 'index.html'))) {
      throw new InkstoneError('not_found', 'the chat page has not been built', {
        remedy: 'run "npm run build" in the folder of Inkstone',
      })
    }
    return next()
  }
}
