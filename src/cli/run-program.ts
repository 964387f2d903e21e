import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { exitCodes, failureOf, reportFailure } from './failure.js'
import { createProgram } from './program.js'

/**
 * Runs one command line and reports what goes wrong.
 * @param args what stands behind the program's name
 * @returns the exit code
 */
export async function runProgram(context: Omit<CliContext, 'setExitCode'>, args: readonly string[]): Promise<number> {
  const result: { exitCode: number } = { exitCode: exitCodes.ok }
  const full: CliContext = {
    ...context,
    setExitCode: (code) => {
      result.exitCode = code
    },
  }
  const program = createProgram(full)
  try {
    await program.parseAsync(args, { from: 'user' })
    return result.exitCode
  } catch (error) {
    const failure = failureOf(error, { interrupted: context.signal.aborted, usage: usageOf(program, args) })
    const options = { json: args.includes('--json'), debug: wantsDebug(program, full) }
    reportFailure(failure, context.terminal, options)
    return failure.exitCode
  }
}

/** The command line that explains the command that was meant. */
function usageOf(program: Command, args: readonly string[]): string {
  const command = program.commands.find((candidate) => args.includes(candidate.name()))
  const subcommand = command?.commands.find((candidate) => args.includes(candidate.name()))
  return [program, command, subcommand]
    .flatMap((part) => (part === undefined ? [] : [part.name()]))
    .concat('--help')
    .join(' ')
}

/** The error may be that the settings cannot be read: then nobody has asked for more. */
function wantsDebug(program: Command, context: CliContext): boolean {
  try {
    return context.loadConfig({ logLevel: program.opts().logLevel }).logLevel === 'debug'
  } catch {
    return false
  }
}
