import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'

/** What every handler finds beside its request. */
export interface ServerEnv {
  Variables: {
    requestId: string
    /** Fires when the client is gone before its reply was complete. */
    signal: AbortSignal
  }
  /** Only there when the app runs behind `listen`. */
  Bindings: {
    incoming?: IncomingMessage
    outgoing?: ServerResponse
    /** Fires when the server stops. */
    closing?: AbortSignal
  }
}

export type ServerApp = OpenAPIHono<ServerEnv>
export type ServerContext = Context<ServerEnv>
