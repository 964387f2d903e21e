import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratchFolders } from '../../src/ingest/scratch.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describe('scratchFolders', () => {
  test('gives each work an empty folder that goes with it, whatever happens', async () => {
    const root = join(await temporaryFolder(), 'scratch')
    const scratch = await scratchFolders(root)
    const work = async (directory: string) => {
      expect(await readdir(directory)).toEqual([])
      await mkdir(join(directory, 'deep'))
      await writeFile(join(directory, 'deep', 'file'), 'x')
      return directory
    }
    const [one, two] = await Promise.all([scratch.use(work), scratch.use(work)])
    expect(one).not.toBe(two)
    await expect(scratch.use(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await readdir(root)).toEqual([])
  })

  test('removes what a process that is gone left there', async () => {
    const root = await temporaryFolder()
    await writeFile(join(root, 'left'), 'x')
    await scratchFolders(root)
    expect(await readdir(root)).toEqual([])
  })
})
