import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Has a file's bytes, or a folder's list of names, on disk when it resolves. */
export async function fsync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** As `fsync` for a folder. Windows cannot open one and needs no such step. */
export async function fsyncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await fsync(path)
}

/** The names in a folder; none when it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (thrown) {
    if (isMissing(thrown)) return []
    throw thrown
  }
}

export function isMissing(thrown: unknown): boolean {
  return hasCode(thrown, 'ENOENT')
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

/** Syncs what appeared in a tree of files that are written once: each file, and each folder that gained one. */
export interface FolderSync {
  /** Takes everything that is there now as synced. */
  trust(): Promise<void>
  /** Syncs what is new since the last call. */
  sync(): Promise<void>
}

/**
 * @param folders below `root`, `.` for itself; `/*` at the end takes in a folder's subfolders. A file is known by its name, so
 *   files that are written anew under an old name are not followed.
 */
export function folderSync(root: string, folders: readonly string[]): FolderSync {
  const seen = new Map<string, Set<string>>()

  async function list(): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>()
    for (const folder of folders) {
      const path = join(root, folder.replace(/\/\*$/, ''))
      const names = await namesIn(path)
      found.set(path, new Set(names))
      if (!folder.endsWith('/*')) continue
      for (const name of names) found.set(join(path, name), new Set(await namesIn(join(path, name))))
    }
    return found
  }

  function remember(found: Map<string, Set<string>>): void {
    seen.clear()
    for (const [path, names] of found) seen.set(path, names)
  }

  async function syncFolder(path: string, names: Set<string>): Promise<void> {
    const known = seen.get(path)
    const fresh = [...names].filter((name) => !known?.has(name))
    if (fresh.length === 0) return
    await Promise.all(fresh.map((name) => fsync(join(path, name)).catch(ignoreMissing)))
    await fsyncFolder(path)
  }

  return {
    trust: async () => remember(await list()),
    async sync() {
      const found = await list()
      await Promise.all([...found].map(([path, names]) => syncFolder(path, names)))
      remember(found)
    },
  }
}

function ignoreMissing(thrown: unknown): void {
  if (!isMissing(thrown)) throw thrown
}
