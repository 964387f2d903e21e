import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { compiledUrl } from '../../core/compiled.js'

/** By which a process that passes its memory ends itself. */
export const memorySignal = 'SIGUSR2'

export interface Watched {
  parentPid: number
  memoryBytes: number
}

/** What the watchdog was told; without it, nothing may be read. */
export function watched(data: unknown): Watched {
  if (typeof data === 'object' && data !== null && 'parentPid' in data && 'memoryBytes' in data) {
    const { parentPid, memoryBytes } = data
    if (typeof parentPid === 'number' && typeof memoryBytes === 'number') return { parentPid, memoryBytes }
  }
  throw new TypeError('the watchdog has to know its process and its memory')
}

/** Sets a watchdog on this process; the promise resolves when it watches. It does not keep the process alive. */
export async function setWatchdog(options: Watched): Promise<void> {
  const watchdog = new Worker(compiledUrl('parse-watchdog.js', import.meta.url), { workerData: options })
  watchdog.unref()
  await once(watchdog, 'message')
}
