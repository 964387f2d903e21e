import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { InkstoneError } from '../core/errors.js'
import { isMissing, namesIn } from './fsync.js'
import { isRunning, processStart } from './process-start.js'

/** The living process that owns a home. */
export interface HomeOwner {
  pid: number
  /** Where its server listens; null when it serves nothing. */
  url: string | null
}

export interface HomeLock {
  setUrl(url: string): Promise<void>
  release(): Promise<void>
}

const claimSchema = z.strictObject({
  pid: z.number().int().positive(),
  host: z.string(),
  /** When that process started, as the system tells it; null where it does not. */
  processStart: z.string().nullable(),
  url: z.string().nullable(),
})
type Claim = z.infer<typeof claimSchema>

const isClaim = (name: string) => /^lock-.+\.json$/.test(name)
const heartbeatMs = 5_000
/** Only where the process itself cannot be asked: on another host, or where the system hides when it started. */
const silentMs = 30_000
const attempts = 20

/**
 * Makes this process the only one that writes to a home, until it releases the lock or is gone.
 *
 * Each starter puts down a claim of its own and then looks at the others'. Of two that start together the later one
 * sees the earlier; when both see each other, both step back and try again. So there are never two owners, and the claim
 * of a process that was killed stands in nobody's way.
 * @throws InkstoneError `home_locked`, naming the process that has it
 */
export async function lockHome(dir: string, { url = null }: { url?: string | null } = {}): Promise<HomeLock> {
  await mkdir(dir, { recursive: true })
  const claim: Claim = { pid: process.pid, host: hostname(), processStart: await processStart(process.pid), url }
  const path = join(dir, `lock-${process.pid}-${randomUUID()}.json`)
  for (let attempt = 1; ; attempt += 1) {
    const [owner] = await livingClaims(dir)
    if (!owner) {
      await writeClaim(path, claim)
      if ((await livingClaims(dir, { except: path })).length === 0) {
        await removeHalfWritten(dir)
        return hold(path, claim)
      }
      await rm(path, { force: true })
    }
    if (owner && attempt > 1) throw locked(dir, owner)
    if (attempt === attempts) throw new InkstoneError('home_locked', `several processes try to open ${dir} at once`)
    await delay(5 + Math.random() * 20 * attempt)
  }
}

/** The living owner of a home; null when nobody has it open. */
export async function readHomeLock(dir: string): Promise<HomeOwner | null> {
  const [owner] = await livingClaims(dir)
  return owner ? { pid: owner.pid, url: owner.url } : null
}

function hold(path: string, claim: Claim): HomeLock {
  let held: Claim | null = claim
  const heartbeat = setInterval(() => {
    const now = new Date()
    // A heartbeat that fails is made up for by the next; a home that has been deleted needs none.
    utimes(path, now, now).catch(() => undefined)
  }, heartbeatMs)
  heartbeat.unref()
  return {
    async setUrl(url) {
      if (held === null) throw new InkstoneError('conflict', 'the lock of the home has been released')
      held = { ...held, url }
      await writeClaim(path, held)
    },
    async release() {
      held = null
      clearInterval(heartbeat)
      await rm(path, { force: true })
    },
  }
}

/** Written aside and renamed, so that nobody ever reads half a claim. */
async function writeClaim(path: string, claim: Claim): Promise<void> {
  const temporary = `${path}.new`
  await writeFile(temporary, JSON.stringify(claim))
  await rename(temporary, path)
}

/** What a kill has left of a claim that was being written. One that is being written now is younger. */
async function removeHalfWritten(dir: string): Promise<void> {
  for (const name of (await namesIn(dir)).filter((each) => /^lock-.+\.json\.new$/.test(each))) {
    const path = join(dir, name)
    const seen = await stat(path).catch(() => null)
    const isOld = seen !== null && Date.now() - seen.mtimeMs > silentMs
    if (isOld) await rm(path, { force: true }).catch(() => undefined)
  }
}

/** The claims of processes that live. Those of the dead are removed on the way. */
async function livingClaims(dir: string, { except }: { except?: string } = {}): Promise<Claim[]> {
  const living: Claim[] = []
  for (const name of (await namesIn(dir)).filter(isClaim)) {
    const path = join(dir, name)
    if (path === except) continue
    const claim = await readClaim(path)
    // Its owner has stepped back, and may put it down again under the same name: that one must not be removed.
    if (claim === 'gone') continue
    if (claim !== 'broken' && (await isAlive(claim, path))) living.push(claim)
    // Where it cannot be removed nothing can be written either, and whoever means to will hear of it.
    else await rm(path, { force: true }).catch(() => undefined)
  }
  return living
}

/** `gone` when it has been removed meanwhile, `broken` when a power failure has emptied it. */
async function readClaim(path: string): Promise<Claim | 'gone' | 'broken'> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    if (isMissing(thrown)) return 'gone'
    throw thrown
  }
  try {
    return claimSchema.parse(JSON.parse(text))
  } catch {
    return 'broken'
  }
}

async function isAlive(claim: Claim, path: string): Promise<boolean> {
  if (claim.host === hostname()) {
    if (!isRunning(claim.pid)) return false
    if (claim.processStart !== null) return (await processStart(claim.pid)) === claim.processStart
  }
  const seen = await stat(path).catch(() => null)
  return seen !== null && Date.now() - seen.mtimeMs < silentMs
}

function locked(dir: string, { pid, url, host }: Claim): InkstoneError {
  const where = `process ${pid}${host === hostname() ? '' : ` on ${host}`}${url === null ? '' : `, serving ${url}`}`
  return new InkstoneError('home_locked', `${dir} is in use by ${where}`, {
    remedy: url === null ? `wait until it has ended, or stop process ${pid}` : `use ${url}, or stop process ${pid}`,
  })
}
