import { InkstoneError } from '../../core/errors.js'
import type { UsageMeter } from './parse-usage.js'

export interface ParseLimits {
  /** Wall time for one file. */
  timeoutMs: number
  /** Processor time for one file, of the process and all that it starts. */
  cpuMs: number
  /** Resident memory of the process and all that it starts. */
  memoryBytes: number
}

/** A program takes memory at some gigabytes a second: what it can take between two looks goes beyond its limit. */
const pollMs = process.platform === 'linux' ? 40 : 250

/**
 * Watches a process while it reads a file, until it is stopped.
 * @param onPassed is called once, with `parse_timeout` or `parse_memory`
 * @returns what stops it
 */
export function watchLimits(
  meter: UsageMeter,
  limits: ParseLimits,
  { fileName, onPassed }: { fileName: string; onPassed: (error: InkstoneError) => void },
): () => void {
  const errors = limitErrors(fileName, limits)
  let isOver = false
  let cpuBefore: number | null = null
  let timer: NodeJS.Timeout | undefined
  const deadline = setTimeout(() => pass(errors.tooSlow()), limits.timeoutMs)

  const stop = () => {
    isOver = true
    clearTimeout(deadline)
    clearTimeout(timer)
  }
  const pass = (error: InkstoneError) => {
    if (isOver) return
    stop()
    onPassed(error)
  }
  const look = async () => {
    const usage = await meter.sample()
    if (usage !== null) {
      cpuBefore ??= usage.cpuMs
      if (usage.rssBytes > limits.memoryBytes) pass(errors.tooFat())
      else if (usage.cpuMs - cpuBefore > limits.cpuMs) pass(errors.tooBusy())
    }
    if (!isOver) timer = setTimeout(() => void look(), pollMs)
  }
  void look()
  return stop
}

/** The errors of a file that does not keep within its limits. */
export function limitErrors(fileName: string, { timeoutMs, cpuMs, memoryBytes }: ParseLimits) {
  const megabytes = Math.round(memoryBytes / 1024 / 1024)
  return {
    tooSlow: () =>
      new InkstoneError('parse_timeout', `"${fileName}" was not read within ${timeoutMs / 1000} seconds`, {
        remedy: 'split the file, or raise INKSTONE_PARSE_TIMEOUT_MS',
      }),
    tooBusy: () =>
      new InkstoneError('parse_timeout', `"${fileName}" takes more than ${cpuMs / 1000} seconds of processor time`, {
        remedy: 'split the file, or raise INKSTONE_PARSE_CPU_MS',
      }),
    tooFat: () =>
      new InkstoneError('parse_memory', `"${fileName}" needs more than ${megabytes} MB to be read`, {
        remedy: 'split the file, or raise INKSTONE_PARSE_MEMORY_BYTES',
      }),
  }
}
