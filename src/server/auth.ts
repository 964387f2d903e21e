import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { InkstoneError } from '../core/errors.js'
import type { ServerEnv } from './context.js'

/**
 * Lets a request pass that carries `Authorization: Bearer <apiKey>`. Both keys are hashed first, so the comparison
 * takes the same time whatever was sent, its length included.
 * @throws InkstoneError `unauthorized`
 */
export function requireKey(apiKey: string): MiddlewareHandler<ServerEnv> {
  const expected = digest(apiKey)
  return async (c, next) => {
    const given = /^Bearer +(?<key>\S+) *$/i.exec(c.req.header('authorization') ?? '')?.groups?.key
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new InkstoneError('unauthorized', given === undefined ? 'a key is needed' : 'the key is not valid', {
        remedy: 'send the header "Authorization: Bearer <key>" with the key that the server was started with',
      })
    }
    await next()
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
