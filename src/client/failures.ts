import { type ProblemDetails, problemDetailsSchema } from '../api/problem.js'
import { type ErrorCode, errorStatus, InkstoneError } from '../core/errors.js'

/** The error in a reply; one that no Inkstone server would send says so. */
export async function replyProblem(response: Response): Promise<InkstoneError> {
  const body = await response.json().catch(() => null)
  const problem = problemDetailsSchema.safeParse(body)
  if (problem.success) return toError(problem.data)
  return new InkstoneError('internal', `${response.url} answered ${response.status} ${response.statusText}`, {
    remedy: 'check that the address is that of an Inkstone server',
  })
}

/** The error in the last event of a stream that broke. */
export function eventProblem(data: string): InkstoneError {
  const problem = problemDetailsSchema.safeParse(parseJson(data))
  if (problem.success) return toError(problem.data)
  return new InkstoneError('internal', 'the server ended the stream with an error that is not understood')
}

/** The value of a JSON text; null when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function toError({ code, detail, remedy, requestId }: ProblemDetails): InkstoneError {
  const known: ErrorCode = isErrorCode(code) ? code : 'internal'
  const message = known === 'internal' ? `${detail} (request ${requestId})` : detail
  return new InkstoneError(known, message, remedy === undefined ? {} : { remedy })
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorStatus, code)
}

/** What a request that got no reply ran into. */
export function describeFailure(error: unknown, baseUrl: string, signal: AbortSignal | undefined): InkstoneError {
  if (error instanceof InkstoneError) return error
  if (signal?.aborted) return new InkstoneError('cancelled', 'the request was cancelled', { cause: error })
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof InkstoneError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new InkstoneError('server_unreachable', `no Inkstone server answers at ${baseUrl}`, {
      remedy: 'start it with "inkstone serve", or check the address',
      cause: error,
    })
  }
  const reason = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error)
  return new InkstoneError('server_unreachable', `the connection to ${baseUrl} broke: ${reason}`, { cause: error })
}
