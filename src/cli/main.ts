import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { httpService } from '../client/http-service.js'
import { processEnvironment } from '../config/environment.js'
import { loadConfig } from '../config/load.js'
import { createLogger } from '../server/log.js'
import { readHomeLock } from '../store/home-lock.js'
import { version } from '../version.js'
import { type ConnectDrivers, connect } from './connect.js'
import type { CliContext } from './context.js'
import { runProgram } from './run-program.js'
import { terminal } from './terminal.js'

const packageRoot = fileURLToPath(new URL('../..', import.meta.url))
const stop = new AbortController()

const drivers: ConnectDrivers = {
  readLock: (home) => readHomeLock(join(home, 'kb')),
  async openHome(config) {
    // Loads the database and the model runtime: commands that go through a server start faster without.
    const { openInkstone } = await import('../inkstone.js')
    return openInkstone(config, { log: createLogger({ level: config.logLevel }) })
  },
  openServer: (url, { apiKey }) => httpService({ baseUrl: url, ...(apiKey === undefined ? {} : { apiKey }) }),
}

const context: Omit<CliContext, 'setExitCode'> = {
  terminal: terminal(process),
  packageRoot,
  version,
  cwd: process.cwd(),
  environment: processEnvironment(),
  signal: stop.signal,
  loadConfig: (flags) => loadConfig({ flags, packageRoot }),
  connect: (config, { announce }) => connect(config, drivers, { signal: stop.signal, announce }),
}

/** After Ctrl-C a program that npm has started gets two signals: the terminal's own, and the same passed on by npm. */
const sameSignalMs = 500
let firstSignalAt: number | null = null

/** The first signal asks the command to end cleanly; the second one does not wait for it. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    firstSignalAt ??= performance.now()
    if (performance.now() - firstSignalAt > sameSignalMs) process.exit(130)
    stop.abort()
  })
}

// The reader of a pipe, such as `head`, may have seen enough: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runProgram(context, process.argv.slice(2))
