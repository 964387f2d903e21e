import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fsync, fsyncFolder, isMissing } from './fsync.js'

/** The newest version of a table of which everything is known to be on disk. */
export interface VersionLog {
  /** Null before the first. */
  last(): number | null
  /** On disk when it resolves. */
  record(version: number): Promise<void>
  close(): Promise<void>
}

/** One line a version, because appending costs a single sync. A line that a crash cut short does not count. */
export async function versionLog(path: string): Promise<VersionLog> {
  let last = await readLast(path)
  await writeDurably(path, last === null ? '' : `${last}\n`)
  const file = await open(path, 'a')
  return {
    last: () => last,
    async record(version) {
      if (version === last) return
      await file.appendFile(`${version}\n`)
      await file.datasync()
      last = version
    },
    close: () => file.close(),
  }
}

/** Replaces a small file as a whole: after a crash it holds the old text or the new one. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  await writeFile(temporary, text)
  await fsync(temporary)
  await rename(temporary, path)
  await fsyncFolder(dirname(path))
}

/** Removes a file or a tree for good. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await fsyncFolder(dirname(path))
}

async function readLast(path: string): Promise<number | null> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    const newest = lines.filter((line) => /^\d+$/.test(line)).at(-1)
    return newest === undefined ? null : Number(newest)
  } catch (thrown) {
    if (isMissing(thrown)) return null
    throw thrown
  }
}
