import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Child {
  process: ChildProcess
  lines: AsyncIterableIterator<string>
  /** Kills it without warning and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts a script of tests/support, which runs what was last compiled into dist/; it is killed when the test has ended. */
export function startChild(script: string, parameters: string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  return { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), kill }
}
