// Builds what has changed and runs the command line in this process. Ends it in good order when npm is told to end: npm
// passes a signal on to its shell alone, which would leave the program running with nobody to end it.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url)), '--if-needed'], {
  stdio: 'inherit',
})

const shell = process.ppid
const watch = setInterval(() => {
  if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM')
}, 500).unref()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    clearInterval(watch)
    // The program is not there yet to hear of it.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  })
}

await import('../bin/inkstone.js')
