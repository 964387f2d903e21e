import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** Where the benches look for the model: INKSTONE_MODELS_DIR, or the models of this checkout. */
export const modelsDir = process.env.INKSTONE_MODELS_DIR ?? join(packageRoot, 'data', 'models')

/** Starts the real server on a free port with a home of its own; resolves when it is ready. */
export async function startServer(home, args = []) {
  const program = [join(packageRoot, 'bin/inkstone.js'), 'serve', '--port', '0', '--json', '--log-level', 'error']
  const child = spawn(process.execPath, [...program, '--home', home, '--models-dir', modelsDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line)
    if (message.type === 'ready') return { child, url: message.url, secondsToReady: message.seconds }
  }
  throw new Error('the server ended before it was ready')
}

export async function stop(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}
