import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/settings.js'
import { InkstoneError } from '../core/errors.js'
import type { InkstoneService } from '../core/service.js'

export interface Connection {
  service: InkstoneService
  /** URL of the server that does the work; null when this process opened the home itself. */
  url: string | null
}

/** How to look at a home's lock and how to reach what it holds. */
export interface ConnectDrivers {
  readLock(home: string): Promise<{ pid: number; url: string | null } | null>
  /** @throws InkstoneError `home_locked` when another process came first */
  openHome(config: Config): Promise<InkstoneService>
  openServer(url: string, config: Config): InkstoneService
}

export interface ConnectOptions {
  signal: AbortSignal
  /** Says in a sentence what is being waited for. */
  announce: (sentence: string) => void
  waitMs?: number
  pollMs?: number
}

/**
 * The service of a home: through the server that holds it, else by opening it in this process. A home that another
 * command holds is waited for.
 * @throws InkstoneError `home_locked` after `waitMs`, `cancelled`, and what opening the home throws
 */
export async function connect(
  config: Config,
  drivers: ConnectDrivers,
  { signal, announce, waitMs = 10_000, pollMs = 250 }: ConnectOptions,
): Promise<Connection> {
  const deadline = Date.now() + waitMs
  let announced = false
  for (;;) {
    const lock = await drivers.readLock(config.home)
    if (lock !== null && lock.url !== null) return { service: drivers.openServer(lock.url, config), url: lock.url }
    const opened = lock === null ? await openUnlessLocked(config, drivers) : heldBy(lock.pid)
    if (!(opened instanceof InkstoneError)) return { service: opened, url: null }
    if (Date.now() >= deadline) throw opened
    if (!announced)
      announce(`another command (process ${lock?.pid ?? 'unknown'}) is using ${config.home}: waiting for it`)
    announced = true
    await pause(pollMs, signal)
  }
}

/** Between the look at the lock and the opening another process may have come: that is a reason to look again. */
async function openUnlessLocked(config: Config, drivers: ConnectDrivers): Promise<InkstoneService | InkstoneError> {
  try {
    return await drivers.openHome(config)
  } catch (error) {
    if (error instanceof InkstoneError && error.code === 'home_locked') return error
    throw error
  }
}

function heldBy(pid: number): InkstoneError {
  return new InkstoneError('home_locked', `another command (process ${pid}) is using this home`, {
    remedy: 'wait until it has ended and try again, or choose another folder with --home',
  })
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (error) {
    throw new InkstoneError('cancelled', 'stopped while waiting for the home', { cause: error })
  }
}
