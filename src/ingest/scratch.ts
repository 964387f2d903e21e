import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders for what is put aside while a file is read. */
export interface Scratch {
  /** Runs `work` with an empty folder, which is gone when the promise settles. */
  use<T>(work: (directory: string) => Promise<T>): Promise<T>
}

/** Empties `root` of what a process that is gone left there; one process at a time. */
export async function scratchFolders(root: string): Promise<Scratch> {
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  return {
    async use(work) {
      const directory = await mkdtemp(join(root, 'file-'))
      try {
        return await work(directory)
      } finally {
        await rm(directory, { recursive: true, force: true, maxRetries: 3 })
      }
    },
  }
}
