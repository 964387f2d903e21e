import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface SpentMemory {
  /** Gives back what a large job left, if it left much. Call it after a job. */
  giveBack(): void
}

/** A collection holds the program up for some tens of milliseconds: only what is worth that is given back. */
const worthwhileBytes = 96 * 1024 * 1024

/**
 * Gives the memory of jobs that are done back to the system. Node collects garbage when it wants more memory, never when
 * it has nothing to do: after one sheet of a million rows it would keep some hundred megabytes for good.
 * @param options `rssBytes` and `collect` are for tests
 */
export function spentMemory({
  rssBytes = process.memoryUsage.rss,
  collect = collector(),
}: {
  rssBytes?: () => number
  collect?: () => void
} = {}): SpentMemory {
  let settledBytes = rssBytes()
  return {
    giveBack() {
      if (rssBytes() - settledBytes > worthwhileBytes) {
        collect()
        settledBytes = rssBytes()
      } else settledBytes = Math.min(settledBytes, rssBytes())
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
