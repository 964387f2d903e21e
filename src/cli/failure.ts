import { CommanderError } from 'commander'
import { InkstoneError, toInkstoneError } from '../core/errors.js'
import type { Problem } from '../core/job.js'
import type { Terminal } from './terminal.js'

/** 0 ok, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

export interface Failure {
  exitCode: number
  /** Null when there is nothing to say, as after `--help`. */
  problem: Problem | null
  stack: string | undefined
}

/**
 * What a thrown error means to the person at the terminal.
 * @param options.usage command line that prints the help of the command that was meant
 */
export function failureOf(thrown: unknown, { interrupted, usage }: { interrupted: boolean; usage: string }): Failure {
  if (thrown instanceof CommanderError) return usageFailure(thrown, usage)
  const error = isAbort(thrown) ? new InkstoneError('cancelled', 'stopped', { cause: thrown }) : toInkstoneError(thrown)
  const exitCode = interrupted
    ? exitCodes.interrupted
    : error.code === 'invalid_configuration'
      ? exitCodes.usage
      : exitCodes.failed
  return { exitCode, problem: error.toProblem(), stack: rootStack(error) }
}

/** Writes `error: sentence` (configurations may have several) and `remedy: …`, or the problem as JSON, to standard error. */
export function reportFailure(failure: Failure, terminal: Terminal, options: { json: boolean; debug: boolean }): void {
  const { problem } = failure
  if (problem === null) return
  if (options.json) terminal.note(JSON.stringify(problem))
  else {
    terminal.note(`${terminal.paint('red', 'error:', 'stderr')} ${problem.message.replaceAll('\n', '\n       ')}`)
    if (problem.remedy !== undefined) terminal.note(`${terminal.paint('cyan', 'remedy:', 'stderr')} ${problem.remedy}`)
  }
  if (options.debug && failure.stack !== undefined) terminal.note(failure.stack)
}

function usageFailure(error: CommanderError, usage: string): Failure {
  if (error.exitCode === 0) return { exitCode: exitCodes.ok, problem: null, stack: undefined }
  // Help that was printed because a sub-command is missing has said everything.
  if (error.code === 'commander.help') return { exitCode: exitCodes.usage, problem: null, stack: undefined }
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  const problem = { code: 'invalid_request', message, remedy: `run "${usage}"` }
  return { exitCode: exitCodes.usage, problem, stack: undefined }
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError')
}

function rootStack(error: InkstoneError): string | undefined {
  return error.cause instanceof Error ? error.cause.stack : error.stack
}
