import { parentPort, workerData } from 'node:worker_threads'
import { memorySignal, watched } from './parse-watch.js'

/*
 * Ends the parsing process, and all that it has started, when its parent is gone; and the process alone when it passes
 * its memory while the parent is too busy to see it. A thread of its own, for a parser in an endless loop never gets to
 * hear that the line to the parent has closed.
 */

const { parentPid, memoryBytes } = watched(workerData)
const everyMs = 40

setInterval(() => {
  if (process.ppid !== parentPid) killGroup()
  if (process.memoryUsage.rss() > memoryBytes) process.kill(process.pid, memorySignal)
}, everyMs)
parentPort?.postMessage('watching')

function killGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.kill(process.pid, 'SIGKILL')
  }
}
