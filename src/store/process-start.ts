import { readFile } from 'node:fs/promises'

/** Whether a process with this id runs on this host, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/**
 * What tells a process from a later one with the same id: the boot it runs in and its start time in clock ticks
 * (proc(5), field 22). Null where the system has no /proc, or no such process; a zombie counts as none.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The name, field 2, stands in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    const ticks = fields[19]
    return ticks === undefined || state === 'Z' ? null : `${boot.trim()}:${ticks}`
  } catch {
    return null
  }
}
