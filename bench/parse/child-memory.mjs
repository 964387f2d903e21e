import { readdirSync, readFileSync } from 'node:fs'

/** Watches the memory of the processes that this one has started, ten times a second for new ones (Linux only). */
export function childMemory() {
  let peakMiB = 0
  let children = []
  const find = () => {
    children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid)
  }
  const sample = () => {
    for (const pid of children) peakMiB = Math.max(peakMiB, residentMiB(pid))
  }
  const timers = [setInterval(find, 100), setInterval(sample, 15)]
  return {
    /** The most since it was asked last. */
    takePeakMiB() {
      const peak = peakMiB
      peakMiB = 0
      return peak
    },
    stop: () => timers.forEach(clearInterval),
  }
}

function read(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

const parentOf = (pid) => Number(read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ')[1])
const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
