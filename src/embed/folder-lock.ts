import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const heartbeatMs = 5_000
const pollMs = 200
/** Without a heartbeat for this long a lock is dead, also one that a process on another machine took. */
const staleAfterMs = 30_000

/**
 * Runs `work` while no other process runs its own under the same lock, and waits for its turn. The lock is a folder
 * with the owner's pid inside; one whose owner is gone is taken over.
 * @throws whatever `work` throws, or the signal's reason while waiting
 */
export async function withFolderLock<T>(
  path: string,
  { signal }: { signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const owner = `${hostname()} ${process.pid} ${randomUUID()}`
  await mkdir(dirname(path), { recursive: true })
  while (!(await take(path, owner))) {
    if (await isStale(path)) await breakLock(path)
    else await sleep(pollMs, undefined, signal === undefined ? {} : { signal })
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    if ((await readOwner(path)) === owner) await rm(path, { recursive: true, force: true })
  }
}

async function take(path: string, owner: string): Promise<boolean> {
  try {
    await mkdir(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  await writeFile(join(path, 'owner'), owner)
  return true
}

async function isStale(path: string): Promise<boolean> {
  const heartbeatAt = await stat(path).then(
    (entry) => entry.mtimeMs,
    () => null,
  )
  if (heartbeatAt === null) return false
  if (Date.now() - heartbeatAt > staleAfterMs) return true
  const [host, pid] = (await readOwner(path))?.split(' ') ?? []
  return host === hostname() && !isRunning(Number(pid))
}

/** Renames before it removes: of several waiters that see the same dead lock, one succeeds. */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.dead-${randomUUID()}`
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (moved) await rm(aside, { recursive: true, force: true })
}

async function readOwner(path: string): Promise<string | null> {
  return readFile(join(path, 'owner'), 'utf8').catch(() => null)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
