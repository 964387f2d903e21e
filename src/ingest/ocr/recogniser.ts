import { availableParallelism } from 'node:os'
import type { TextRecogniser } from '../../core/ports.js'
import { cancelled, nameOf, type OcrProcess, startOcrProcess } from './ocr-process.js'

export interface RecogniserOptions {
  /** Wall time for one picture. */
  timeoutMs: number
  /** Resident memory of the process. */
  memoryBytes: number
  /** The process's whole environment. */
  env?: Readonly<Record<string, string>>
  /** The process is ended after being idle for so long: its models hold some hundred megabytes. */
  idleMs?: number
  /** Threads of the models. */
  threads?: number
}

/** Lines are small: more threads than these mostly wait for each other. */
const mostThreads = 4
/** A process that holds more than this share of its memory between pictures is replaced. */
const fatShare = 0.75

/**
 * Recognises text in one killable process, a picture at a time, the others waiting in the order in which they came. The
 * process is started for the first picture and ends when idle, with this process, and whenever a picture is too slow,
 * too greedy, cancelled or its end; the next picture gets a new one.
 * @throws InkstoneError from `recognise`: `ocr_failed`, `parse_timeout`, `parse_memory`, `file_corrupt`, `cancelled`
 */
export function sandboxedRecogniser({
  timeoutMs,
  memoryBytes,
  env = {},
  idleMs = 60_000,
  threads = Math.min(mostThreads, availableParallelism()),
}: RecogniserOptions): TextRecogniser {
  const waiting: (() => void)[] = []
  let worker: OcrProcess | null = null
  let idle: NodeJS.Timeout | undefined
  let isBusy = false
  let isClosed = false

  const takeProcess = () => {
    clearTimeout(idle)
    if (worker?.isAlive && worker.rssBytes <= memoryBytes * fatShare) return worker
    worker?.kill()
    worker = startOcrProcess({ timeoutMs, memoryBytes, env, threads })
    return worker
  }
  const passTurn = () => {
    const next = waiting.shift()
    if (next !== undefined) return next()
    isBusy = false
    if (isClosed) return worker?.kill()
    idle = setTimeout(() => worker?.kill(), idleMs).unref()
  }

  return {
    async recognise({ path, page, passwords = [] }, { signal } = {}) {
      const name = nameOf({ page })
      if (isClosed || signal?.aborted) throw cancelled(name)
      if (isBusy) await turn(waiting, { name, ...(signal ? { signal } : {}) })
      isBusy = true
      try {
        if (isClosed) throw cancelled(name)
        return await takeProcess().recognise({ path, page, passwords: [...passwords] }, signal ? { signal } : {})
      } catch (thrown) {
        throw isClosed ? cancelled(name) : thrown
      } finally {
        passTurn()
      }
    },
    async close() {
      isClosed = true
      clearTimeout(idle)
      worker?.kill()
    },
  }
}

/** Waits until a place in the queue is called, or the signal fires. */
async function turn(waiting: (() => void)[], { signal, name }: { signal?: AbortSignal; name: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const called = () => {
      signal?.removeEventListener('abort', left)
      resolve()
    }
    const left = () => {
      waiting.splice(waiting.indexOf(called), 1)
      reject(cancelled(name))
    }
    waiting.push(called)
    signal?.addEventListener('abort', left, { once: true })
  })
}
