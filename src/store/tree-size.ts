import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from './fsync.js'

/** Bytes of all files below a folder. Files that go while we look do not count. */
export async function treeSizeBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        try {
          return (await stat(join(entry.parentPath, entry.name))).size
        } catch (thrown) {
          if (isMissing(thrown)) return 0
          throw thrown
        }
      }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
