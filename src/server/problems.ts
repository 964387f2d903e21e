import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import { type ProblemDetails, problemDetailsSchema } from '../api/problem.js'
import { type ErrorCode, errorStatus, InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Logger } from '../core/ports.js'
import type { ServerContext } from './context.js'
import type { StreamEvent } from './event-stream.js'

type FieldProblems = NonNullable<ProblemDetails['errors']>

/** A request that does not fit its schema; `fields` says where. */
export class InvalidRequest extends InkstoneError {
  readonly fields: FieldProblems

  constructor(message: string, fields: FieldProblems) {
    super('invalid_request', message)
    this.fields = fields
  }
}

/** Enough to mend a request by. A body of one megabyte can break a rule a hundred thousand times. */
const mostFieldProblems = 20

/** @param part what was checked, such as `body` or `query` */
export function invalidRequest(part: string, error: z.core.$ZodError): InvalidRequest {
  const fields = error.issues.slice(0, mostFieldProblems).flatMap(fieldProblems).slice(0, mostFieldProblems)
  const first = fields[0]
  const where = first === undefined || first.pointer === '' ? '' : ` at ${first.pointer}`
  return new InvalidRequest(`the ${part} is not valid${where}: ${first?.message ?? 'unknown reason'}`, fields)
}

function fieldProblems(issue: z.core.$ZodIssue): FieldProblems {
  if (issue.code !== 'unrecognized_keys') return [{ pointer: jsonPointer(issue.path), message: issue.message }]
  // Zod's own message names all keys together: repeated for each of them it would grow with their square.
  return issue.keys
    .slice(0, mostFieldProblems)
    .map((key) => ({ pointer: jsonPointer([...issue.path, key]), message: `Unrecognized key: "${key}"` }))
}

/** RFC 6901. */
function jsonPointer(segments: readonly PropertyKey[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Answers with an error. What is not an InkstoneError becomes a 500 that tells nothing but the request id. */
export function problemResponse(thrown: unknown, c: ServerContext, log: Logger): Response {
  const error = asInkstoneError(thrown)
  const details = problemDetails(error, c)
  if (details.status >= 500) {
    log.error({ requestId: details.requestId, code: error.code, err: error }, 'request failed')
  }
  return c.body(JSON.stringify(details), {
    status: errorStatus[error.code],
    headers: { 'content-type': 'application/problem+json', ...extraHeaders(error.code) },
  })
}

/** The problem of an error, as it goes over the wire. Messages of errors that are the server's own stay here: they may hold paths or data. */
export function problemDetails(thrown: unknown, c: ServerContext): ProblemDetails {
  const error = asInkstoneError(thrown)
  const isOwnFault = errorStatus[error.code] === 500
  return problemDetailsSchema.parse({
    type: `urn:inkstone:problem:${error.code}`,
    title: titleOf(error.code),
    status: errorStatus[error.code],
    detail: isOwnFault ? ownFaultDetail(error.code) : error.message,
    instance: c.req.path,
    code: error.code,
    requestId: c.get('requestId'),
    ...(error.remedy === undefined || error.code === 'internal' ? {} : { remedy: error.remedy }),
    ...(error instanceof InvalidRequest && error.fields.length > 0 ? { errors: error.fields } : {}),
  })
}

function ownFaultDetail(code: ErrorCode): string {
  const what = code === 'store_corrupt' ? 'stored data is damaged' : 'something went wrong inside the server'
  return `${what}; its log has more under the request id`
}

function asInkstoneError(thrown: unknown): InkstoneError {
  return thrown instanceof HTTPException ? fromHttpException(thrown) : toInkstoneError(thrown)
}

/** What the framework itself refuses: broken JSON and bodies of another type. */
function fromHttpException(error: HTTPException): InkstoneError {
  if (error.status === 415) {
    return new InkstoneError('unsupported_media_type', 'the body is not of the type this address takes', {
      remedy: 'send the header "Content-Type: application/json" with a JSON body',
    })
  }
  if (error.status === 413) return new InkstoneError('payload_too_large', 'the body is too large')
  return error.status < 500
    ? new InkstoneError('invalid_request', error.message || 'the request is not valid')
    : new InkstoneError('internal', error.message, { cause: error })
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function extraHeaders(code: ErrorCode): Record<string, string> {
  if (code === 'unauthorized') return { 'www-authenticate': 'Bearer realm="inkstone"' }
  return errorStatus[code] === 503 ? { 'retry-after': '5' } : {}
}

/** The last event of a stream that broke after its reply had begun. */
export function streamProblem(thrown: unknown, c: ServerContext): StreamEvent {
  return { event: 'error', data: problemDetails(thrown, c) }
}
