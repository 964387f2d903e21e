import { readdirSync, readFileSync } from 'node:fs'

const MiB = 1024 * 1024
const sampleMs = 100

/** Follows the memory of a process, alone and with its children. Linux; zeros elsewhere. */
export function watchMemory(pid) {
  let peakMiB = 0
  let peakOfAllMiB = 0
  const look = () => {
    const sizes = residentMiB(pid)
    peakMiB = Math.max(peakMiB, sizes.own)
    peakOfAllMiB = Math.max(peakOfAllMiB, sizes.own + sizes.children)
  }
  look()
  const timer = setInterval(look, sampleMs)
  return {
    async stop() {
      clearInterval(timer)
      look()
      return { peakMiB, peakOfAllMiB }
    },
  }
}

function residentMiB(pid) {
  const own = rssMiB(pid)
  const children = childrenOf(pid).reduce((sum, child) => sum + rssMiB(child), 0)
  return { own, children }
}

function rssMiB(pid) {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / MiB
  } catch {
    return 0
  }
}

/** A process is a child of the thread that started it. */
function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}
