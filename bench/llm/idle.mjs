import { setTimeout as sleep } from 'node:timers/promises'

const sampleMs = 20
const quietSamples = 5

/**
 * When this process stopped computing: the beginning of the first five samples in a row in which its threads together
 * had less than a fifth of a core. Milliseconds since 1970.
 */
export async function idleSince() {
  let quietSince = null
  let quiet = 0
  while (quiet < quietSamples) {
    const from = performance.now()
    const before = process.cpuUsage()
    await sleep(sampleMs)
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1000 / (performance.now() - from) < 0.2) {
      quietSince ??= performance.timeOrigin + from
      quiet++
    } else {
      quietSince = null
      quiet = 0
    }
  }
  return quietSince
}
