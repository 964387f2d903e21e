import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { CliContext } from '../../src/cli/context.js'
import { runProgram } from '../../src/cli/run-program.js'
import { terminal } from '../../src/cli/terminal.js'
import { loadConfig } from '../../src/config/load.js'
import type { InkstoneService } from '../../src/core/service.js'

export interface CommandLineOptions {
  service: InkstoneService
  cwd: string
  environment?: Record<string, string>
  signal?: AbortSignal
}

/** Runs one command line in this process, on a service that the test hands in, and returns what it wrote. */
export async function runCommandLine(
  args: readonly string[],
  { service, cwd, environment = {}, signal = new AbortController().signal }: CommandLineOptions,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const stdout = textSink()
  const stderr = textSink()
  const context: Omit<CliContext, 'setExitCode'> = {
    terminal: terminal({ stdin: process.stdin, stdout: stdout.stream, stderr: stderr.stream }),
    packageRoot: cwd,
    version: '1.2.3',
    cwd,
    environment,
    signal,
    loadConfig: (flags) => loadConfig({ flags, environment, cwd, packageRoot: cwd }),
    connect: async () => ({ service, url: null }),
  }
  const exitCode = await runProgram(context, args)
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

/** A stream, no terminal, that keeps what is written. */
export function textSink(): { stream: Writable; text(): string } {
  const parts: string[] = []
  const stream = new Writable({
    write(part, _encoding, done) {
      parts.push(String(part))
      done()
    },
  })
  onTestFinished(() => {
    stream.destroy()
  })
  return { stream, text: () => parts.join('') }
}
