import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface SpentMemory {
  /** Gives back what a job left: at once where that is much, otherwise when no other job ends for a while. */
  giveBack(): void
}

const MiB = 1024 * 1024
/** A collection holds the program up for some tens of milliseconds: between jobs only much is worth that. */
const worthwhileBytes = { betweenJobs: 96 * MiB, whenIdle: 16 * MiB }

/**
 * Gives the memory of jobs that are done back to the system. Node collects garbage when it wants more memory, never when
 * it has nothing to do: after one sheet of a million rows it would keep some hundred megabytes for good.
 * @param options `idleMs`: without a job, until what is left is given back; the others are for tests
 */
export function spentMemory({
  idleMs = 2_000,
  rssBytes = process.memoryUsage.rss,
  collect = collector(),
}: {
  idleMs?: number
  rssBytes?: () => number
  collect?: () => void
} = {}): SpentMemory {
  let settledBytes = rssBytes()
  let timer: NodeJS.Timeout | undefined
  const giveBackAbove = (leastBytes: number) => {
    settledBytes = Math.min(settledBytes, rssBytes())
    if (rssBytes() - settledBytes <= leastBytes) return
    collect()
    settledBytes = rssBytes()
  }
  return {
    giveBack() {
      giveBackAbove(worthwhileBytes.betweenJobs)
      clearTimeout(timer)
      timer = setTimeout(() => giveBackAbove(worthwhileBytes.whenIdle), idleMs).unref()
    },
  }
}

/** V8 hands its collector out to contexts that are made after the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return typeof collect === 'function' ? () => void collect() : () => undefined
}
