import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { httpService } from '../../dist/client/http-service.js'
import { modelsDir, packageRoot } from '../server.mjs'

/** A running program that can be killed at any moment, also before it is ready. */
function launch(home, args) {
  const child = spawn(
    process.execPath,
    [join(packageRoot, 'bin/inkstone.js'), ...args, '--home', home, '--models-dir', modelsDir, '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = once(child, 'exit')
  let said = ''
  child.stderr.on('data', (part) => {
    said = (said + part).slice(-4_000)
  })
  return {
    child,
    said: () => said,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
}

/** The server; `ready` rejects when it ends before it can be asked, unless it was killed. */
export function launchServer(home) {
  const program = launch(home, ['serve', '--port', '0', '--json'])
  const startedMs = performance.now()
  const ready = (async () => {
    for await (const line of createInterface({ input: program.child.stdout })) {
      const message = JSON.parse(line)
      if (message.type !== 'ready') continue
      return { service: httpService({ baseUrl: message.url }), seconds: (performance.now() - startedMs) / 1000 }
    }
    await program.end('SIGKILL')
    if (program.child.signalCode === 'SIGKILL') return null
    throw new Error(`the server did not start again by itself:\n${program.said()}`)
  })()
  ready.catch(() => undefined)
  return { ...program, ready }
}

/** `inkstone ingest` in a process of its own, with no server about. */
export function launchIngest(home, folder) {
  const program = launch(home, ['ingest', folder, '--json'])
  const saidLast = (async () => {
    let last = '{}'
    for await (const line of createInterface({ input: program.child.stdout })) last = line
    return last
  })()
  return {
    ...program,
    /** Whether it came to its end before it was killed. @throws when it ended by itself without its summary */
    async end(signal) {
      await program.end(signal)
      if (program.child.signalCode !== null) return false
      if (!(await saidLast).includes('"type":"summary"'))
        throw new Error(`it did not ingest by itself:\n${program.said()}`)
      return true
    },
  }
}
