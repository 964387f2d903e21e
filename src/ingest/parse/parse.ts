import { InkstoneError } from '../../core/errors.js'
import type { FileParser } from '../../core/ports.js'
import type { ParseLimits } from './parse-limits.js'
import { type ParseProcess, startParseProcess } from './parse-process.js'

export interface SandboxOptions extends ParseLimits {
  /** Files that are read at the same time. */
  processes: number
  /** LibreOffice's program, for formats of old; null when there is none. */
  soffice: string | null
  /** The processes' whole environment. */
  env?: Readonly<Record<string, string>>
  /** A process is replaced after so many files, for what libraries leak. */
  filesPerProcess?: number
}

/** A process that holds more than this share of its memory between files is replaced. */
const fatShare = 0.5

/**
 * Reads files in killable processes, started when they are needed and kept for the next file. Whatever happens to one
 * (too slow, too greedy, crashed, cancelled), the next file gets a working one. They end with this process.
 * @throws InkstoneError from `parse`: `parse_timeout`, `parse_memory`, `parse_failed`, `cancelled`, and those of `parseFile`
 */
export function sandboxedParser({
  processes,
  soffice,
  env = {},
  filesPerProcess = 50,
  ...limits
}: SandboxOptions): FileParser {
  const idle: ParseProcess[] = []
  const busy = new Set<ParseProcess>()
  const waiting: (() => void)[] = []
  let free = Math.max(1, processes)
  let isClosed = false

  const takeTurn = async (fileName: string, signal?: AbortSignal) => {
    if (isClosed || signal?.aborted) throw cancelled(fileName)
    if (free > 0) free -= 1
    else await turn(waiting, { fileName, ...(signal ? { signal } : {}) })
  }
  const passTurn = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  const takeProcess = () => {
    const alive = idle.splice(0).filter((candidate) => candidate.isAlive)
    const taken = alive.pop() ?? startParseProcess({ ...limits, env, soffice })
    idle.push(...alive)
    busy.add(taken)
    return taken
  }
  const putBack = (used: ParseProcess) => {
    busy.delete(used)
    const isSpent = used.files >= filesPerProcess || used.rssBytes > limits.memoryBytes * fatShare
    if (isClosed || isSpent || !used.isAlive) used.kill()
    else idle.push(used)
  }

  return {
    async parse(path, options) {
      const { fileName, signal } = options
      await takeTurn(fileName, signal)
      // Nothing may come between this look and the start: a process begun after close() would be left behind.
      if (isClosed) {
        passTurn()
        throw cancelled(fileName)
      }
      const worker = takeProcess()
      try {
        return await worker.parse(path, options)
      } catch (thrown) {
        throw isClosed ? cancelled(fileName) : thrown
      } finally {
        putBack(worker)
        passTurn()
      }
    },
    async close() {
      isClosed = true
      for (const worker of [...idle.splice(0), ...busy]) worker.kill()
      for (const next of waiting.splice(0)) next()
    },
  }
}

/** Waits until a place in the queue is called, or the signal fires. */
async function turn(
  waiting: (() => void)[],
  { signal, fileName }: { signal?: AbortSignal; fileName: string },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const called = () => {
      signal?.removeEventListener('abort', left)
      resolve()
    }
    const left = () => {
      const place = waiting.indexOf(called)
      if (place !== -1) waiting.splice(place, 1)
      reject(cancelled(fileName))
    }
    waiting.push(called)
    signal?.addEventListener('abort', left, { once: true })
  })
}

function cancelled(fileName: string): InkstoneError {
  return new InkstoneError('cancelled', `reading "${fileName}" was cancelled`)
}
