/**
 * Runs at most `count` of the tasks handed to it at a time, the others in their order after them. A browser opens six
 * connections to a server: streams and uploads must leave some for everything else.
 */
export function createLanes(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = count
  return async (task) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
