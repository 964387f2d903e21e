import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fsyncFolder, isMissing, namesIn } from './fsync.js'

export interface Manifest {
  version: number
  path: string
}

/** The versions of a Lance table that have a manifest, newest first. */
export async function listManifests(table: string): Promise<Manifest[]> {
  const folder = join(table, '_versions')
  const manifests: Manifest[] = []
  for (const name of await namesIn(folder)) {
    const digits = /^(\d+)\.manifest$/.exec(name)?.[1]
    if (digits !== undefined) manifests.push({ version: versionOf(digits), path: join(folder, name) })
  }
  return manifests.sort((a, b) => b.version - a.version)
}

/** Lance names manifests so that the newest sorts first: 2^64 - 1 less the version, in 20 digits. */
function versionOf(digits: string): number {
  return digits.length === 20 ? Number(2n ** 64n - 1n - BigInt(digits)) : Number(digits)
}

/**
 * Whether there are more versions than `most` and removing some pays: the first one too many is older than `ageMs`. Versions
 * younger than that are kept anyway, however many a large ingest makes.
 */
export async function hasOutlived(
  manifests: readonly Manifest[],
  { most, ageMs }: { most: number; ageMs: number },
): Promise<boolean> {
  const excess = manifests[most]
  if (excess === undefined) return false
  try {
    return Date.now() - (await stat(excess.path)).mtimeMs > ageMs
  } catch (thrown) {
    // It has been removed meanwhile, and with it the others.
    if (isMissing(thrown)) return false
    throw thrown
  }
}

/** Whether a power failure has left less than a whole manifest: each ends with Lance's four magic bytes. */
export async function isDamaged({ path }: Manifest): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < 16) return true
    const { buffer } = await file.read({ buffer: Buffer.alloc(4), position: size - 4 })
    return buffer.toString('latin1') !== 'LANC'
  } finally {
    await file.close()
  }
}

/** Takes manifests out of a table, which thereby goes back to the newest one that is left. */
export async function quarantine(table: string, manifests: readonly Manifest[], folder: string): Promise<void> {
  if (manifests.length === 0) return
  await mkdir(folder, { recursive: true })
  for (const { version, path } of manifests) await rename(path, join(folder, `${Date.now()}-${version}.manifest`))
  await rm(join(table, '_versions', 'latest_version_hint.json'), { force: true })
  await fsyncFolder(join(table, '_versions'))
}
