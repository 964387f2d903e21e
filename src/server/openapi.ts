import type { z } from 'zod'
import { problemDetailsSchema } from '../api/problem.js'
import type { ServerApp } from './context.js'

const requestIdHeader = { 'X-Request-Id': { schema: { type: 'string' as const }, description: 'Id of the request.' } }

/** An error reply. */
export function problem(description: string) {
  return {
    description,
    headers: requestIdHeader,
    content: { 'application/problem+json': { schema: problemDetailsSchema } },
  }
}

/** The error replies that every route under `/v1` can give. */
export const usualProblems = {
  400: problem('The request is not valid; `errors` says where.'),
  401: problem('The API key is missing or wrong.'),
  403: problem('The request came under a foreign host name or from a page of another origin.'),
  500: problem('Something went wrong inside the server.'),
}

/** A reply with a JSON body. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** A required JSON body of a request. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } }
}

const description = `A private knowledge base: documents in, answers out that are cited to a page and a checked quote.

Errors are \`application/problem+json\` (RFC 9457) with a \`code\` for programs, a \`detail\` for people and, where there is
one, a \`remedy\`. Every reply carries \`X-Request-Id\`; send your own to find a request again in the log.

Lists come in pages: hand \`nextCursor\` back as \`cursor\` until it is null.`

/** The OpenAPI 3.1 document of everything registered on the app. */
export function openApiDocument(app: ServerApp, { version, needsKey }: { version: string; needsKey: boolean }) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Inkstone', version, description, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    // An empty requirement says that the key is not needed on this server.
    security: needsKey ? [{ apiKey: [] }] : [{}, { apiKey: [] }],
  })
}
