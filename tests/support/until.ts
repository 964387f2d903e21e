import { setImmediate } from 'node:timers/promises'

/** Waits for something that has no event of its own; the test's time limit is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}
