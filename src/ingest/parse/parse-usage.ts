import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import pidusage from 'pidusage'

export interface Usage {
  /** Resident memory of all of them together. */
  rssBytes: number
  /** Processor time since they began, that of ended children included. */
  cpuMs: number
  /** 1 is the process alone. */
  processes: number
}

export interface UsageMeter {
  /**
   * Null when the process is gone.
   * @param options `isExact`: also what was started a moment ago, which is more work
   */
  sample(options?: { isExact?: boolean }): Promise<Usage | null>
}

/**
 * Measures a process that leads a process group, and on Linux everything in that group, such as the programs that a
 * parser starts. Elsewhere it is the process alone.
 */
export function usageMeter(pid: number): UsageMeter {
  return process.platform === 'linux' ? linuxMeter(pid) : portableMeter(pid)
}

function portableMeter(pid: number): UsageMeter {
  return {
    async sample() {
      try {
        const { memory, ctime } = await pidusage(pid)
        return { rssBytes: memory, cpuMs: ctime, processes: 1 }
      } catch {
        return null
      }
    },
  }
}

/** The kernel counts times for programs in hundredths of a second, on every architecture. */
const millisecondsPerTick = 10
/** New members of the group are looked for in the list of all processes; that is more work than reading those known. */
const searchEveryMs = 250

function linuxMeter(leader: number): UsageMeter {
  const members = new Set([leader])
  const strangers = new Set<number>()
  let searchedAt = Number.NEGATIVE_INFINITY
  let searching: Promise<void> | null = null

  const search = async () => {
    const listed = new Set((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number))
    for (const pid of strangers) if (!listed.has(pid)) strangers.delete(pid)
    for (const pid of listed) {
      if (strangers.has(pid) || members.has(pid)) continue
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null)
      if (stat !== null) (fieldsOf(stat).group === leader ? members : strangers).add(pid)
    }
  }
  const searchOnce = () => {
    // Where the list cannot be read, the process itself is still watched.
    searching ??= search()
      .catch(() => undefined)
      .finally(() => {
        searchedAt = performance.now()
        searching = null
      })
    return searching
  }
  return {
    async sample({ isExact = false } = {}) {
      await searching
      if (isExact || performance.now() - searchedAt > searchEveryMs) await searchOnce()
      const usage = { rssBytes: 0, cpuMs: 0, processes: 0 }
      for (const pid of members) {
        const one = readUsage(pid)
        if (one === null) {
          members.delete(pid)
          continue
        }
        usage.rssBytes += one.rssBytes
        usage.cpuMs += one.cpuMs
        usage.processes += 1
      }
      return members.has(leader) ? usage : null
    },
  }
}

/** Read at once: these files are made in memory, and waiting for a thread would take longer than reading them. */
function readUsage(pid: number): { rssBytes: number; cpuMs: number } | null {
  try {
    const { ticks } = fieldsOf(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0'
    return { rssBytes: Number(kilobytes) * 1024, cpuMs: ticks * millisecondsPerTick }
  } catch {
    return null
  }
}

/** Of `/proc/<pid>/stat`: what follows the program's name, which may itself hold brackets and blanks. */
function fieldsOf(stat: string): { group: number; ticks: number } {
  const [, , group = 0, ...rest] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = rest.slice(8)
  return { group, ticks: user + system + childrenUser + childrenSystem }
}
