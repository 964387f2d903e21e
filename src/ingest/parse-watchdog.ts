import { workerData } from 'node:worker_threads'
import { z } from 'zod'

/**
 * Ends the parsing process when its parent is gone. A thread of its own, for a parser in an endless loop never gets to
 * hear that the line to the parent has closed.
 */
const { parentPid } = z.object({ parentPid: z.number() }).parse(workerData)
const everyMs = 500

setInterval(() => {
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
}, everyMs)
