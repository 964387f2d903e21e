import type { Problem } from '../src/core/job.js'

/** What the server, or the way to it, refused. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** The server cannot be reached: shown with a translated sentence, so the message here is a fallback. */
export function unreachable(): ApiError {
  return new ApiError({ code: 'unreachable', message: 'the server cannot be reached' })
}

/** The problem that an error reply tells of; a proxy's reply may tell of none. */
export function readProblem(status: number, body: string): Problem {
  try {
    return toProblem(JSON.parse(body))
  } catch {
    return { code: `http_${status}`, message: `HTTP ${status}` }
  }
}

/** From application/problem+json (RFC 9457), whose `detail` is the sentence about this very case. */
export function toProblem(body: { code?: string; title?: string; detail?: string; remedy?: string }): Problem {
  return {
    code: body.code ?? 'internal',
    message: body.detail ?? body.title ?? body.code ?? 'internal',
    ...(body.remedy === undefined ? {} : { remedy: body.remedy }),
  }
}

/** What to show for whatever was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ApiError) return thrown.problem
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}
