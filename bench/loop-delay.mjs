// Preloaded into a server that is measured: writes how long its event loop was held up, in milliseconds, to the file
// named by LOOP_DELAY_FILE. SIGUSR2 begins anew.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const file = process.env.LOOP_DELAY_FILE
if (isMainThread && file !== undefined) {
  const resolutionMs = 5
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  process.on('SIGUSR2', () => delay.reset())
  // What the timer itself waits is not delay.
  const ms = (nanoseconds) => Math.max(0, Number((nanoseconds / 1e6 - resolutionMs).toFixed(1)))
  const write = () =>
    writeFileSync(
      file,
      JSON.stringify({
        p50: ms(delay.percentile(50)),
        p99: ms(delay.percentile(99)),
        max: ms(delay.max),
        samples: delay.count,
      }),
    )
  setInterval(write, 500).unref()
}
