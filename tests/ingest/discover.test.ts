import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discover } from '../../src/ingest/discover.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function folderWith(files: readonly string[]): Promise<string> {
  const root = await temporaryFolder()
  for (const file of files) {
    await mkdir(join(root, file, '..'), { recursive: true })
    await writeFile(join(root, file), 'text')
  }
  return root
}

const namesBelow = async (root: string) => {
  const names: string[] = []
  for await (const found of discover(root))
    names.push('problem' in found ? `! ${found.relativePath}` : found.relativePath)
  return names
}

describe('discover', () => {
  test('finds files in folders, sorted', async () => {
    const root = await folderWith(['b.md', 'a/z.txt', 'a/b/c.pdf', '中文.md'])
    expect(await namesBelow(root)).toEqual(['a/b/c.pdf', 'a/z.txt', 'b.md', '中文.md'])
  })

  test('gives path and size', async () => {
    const root = await folderWith(['a.md'])
    const { value: found } = await discover(root)[Symbol.asyncIterator]().next()
    expect(found).toEqual({ path: join(root, 'a.md'), relativePath: 'a.md', sizeBytes: 4 })
  })

  test('skips hidden files and folders and node_modules', async () => {
    const root = await folderWith(['.env', '.git/config', 'node_modules/x/readme.md', 'a.md'])
    expect(await namesBelow(root)).toEqual(['a.md'])
  })

  test('follows links, and enters no folder twice', async () => {
    const root = await folderWith(['a/one.md'])
    await symlink(root, join(root, 'a', 'loop'))
    await symlink(join(root, 'a', 'one.md'), join(root, 'link.md'))
    expect(await namesBelow(root)).toEqual(['a/one.md', 'link.md'])
  })

  test('yields what cannot be read as a problem and goes on', async () => {
    const root = await folderWith(['z.md'])
    await symlink(join(root, 'missing.md'), join(root, 'broken.md'))
    const entries: unknown[] = []
    for await (const found of discover(root)) entries.push(found)
    expect(entries).toMatchObject([{ problem: { code: 'file_unreadable' } }, { relativePath: 'z.md' }])
  })

  test('takes a single file for a root', async () => {
    const root = await folderWith(['a.md'])
    expect(await namesBelow(join(root, 'a.md'))).toEqual(['a.md'])
  })

  test('says when the root is not there, and stops when the signal fires', async () => {
    await expect(namesBelow('/no/such/folder')).rejects.toMatchObject({ code: 'not_found' })
    const root = await folderWith(['a.md'])
    const stopped = discover(root, { signal: AbortSignal.abort() })[Symbol.asyncIterator]()
    await expect(stopped.next()).rejects.toMatchObject({ code: 'cancelled' })
  })
})
