import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DiscoverOptions, discover } from '../../../src/ingest/sync/discover.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function folderWith(files: Readonly<Record<string, string>> | string[]): Promise<string> {
  const root = await temporaryFolder()
  const texts = Array.isArray(files) ? files.map((file): [string, string] => [file, 'text']) : Object.entries(files)
  for (const [file, text] of texts) {
    await mkdir(join(root, file, '..'), { recursive: true })
    await writeFile(join(root, file), text)
  }
  return root
}

const namesBelow = async (roots: string | string[], options: DiscoverOptions = {}) => {
  const names: string[] = []
  for await (const found of discover(roots, options))
    names.push('problem' in found ? `! ${found.relativePath}` : found.relativePath)
  return names
}

/** To root no folder is locked: until the returned function is called this process has the rights of nobody. */
function asAnybody(): () => void {
  if (process.getuid?.() !== 0) return () => undefined
  process.seteuid?.(65_534)
  return () => process.seteuid?.(0)
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

  test('tells what is passed over by whom, and looks into no folder that is', async () => {
    const root = await folderWith({
      '.env': '',
      '.git/config': '',
      'node_modules/x/readme.md': '',
      'drafts/a.md': '',
      'a.md': '',
      'a.bak': '',
      '.inkstoneignore': 'drafts/\n*.bak\n',
    })
    const ignored: [string, string][] = []
    const onIgnored: DiscoverOptions['onIgnored'] = (path, reason) =>
      void ignored.push([path.slice(root.length + 1), reason])
    expect(await namesBelow(root, { onIgnored })).toEqual(['a.md'])
    expect(ignored.sort()).toEqual([
      ['.env', 'default'],
      ['.git', 'default'],
      ['.inkstoneignore', 'default'],
      ['a.bak', 'rule'],
      ['drafts', 'rule'],
      ['node_modules', 'default'],
    ])
  })

  test('tells names that look the same and differ in their code points apart', async () => {
    const [composed, decomposed] = ['caf\u00e9.md', 'cafe\u0301.md']
    const root = await folderWith([composed, decomposed])
    expect(await namesBelow(root)).toEqual([decomposed, composed])
  })

  test('goes hundreds of folders deep', async () => {
    const path = `${Array.from({ length: 400 }, (_, depth) => `d${depth}`).join('/')}/a.md`
    expect(await namesBelow(await folderWith([path]))).toEqual([path])
  })

  test('follows links after everything else, through loops, and tells nothing twice', async () => {
    const root = await folderWith(['z/one.md'])
    const elsewhere = await folderWith(['far.md', 'deep/near.md'])
    await symlink(root, join(root, 'z', 'loop'))
    await symlink(join(root, 'z'), join(root, 'a-link'))
    await symlink(join(root, 'z', 'one.md'), join(root, 'a-link.md'))
    await symlink(elsewhere, join(root, 'b-link'))
    await symlink(join(elsewhere, 'deep'), join(root, 'c-link'))
    await symlink(join(root, 'self'), join(root, 'self'))
    expect(await namesBelow(root)).toEqual(['z/one.md', 'b-link/deep/near.md', 'b-link/far.md', '! self'])
  })

  test('tells a file once that several roots hold', async () => {
    const root = await folderWith(['in/a.md', 'b.md'])
    expect(await namesBelow([join(root, 'in'), root, join(root, 'b.md')])).toEqual(['a.md', 'b.md'])
  })

  test('yields what cannot be read as a problem and goes on', async () => {
    const root = await folderWith(['z.md'])
    await symlink(join(root, 'missing.md'), join(root, 'broken.md'))
    expect(await namesBelow(root)).toEqual(['z.md', '! broken.md'])
  })

  test.skipIf(process.platform === 'win32')('yields a folder without rights as a problem', async () => {
    const root = await folderWith(['locked/a.md', 'z.md'])
    await chmod(root, 0o755)
    await chmod(join(root, 'locked'), 0o000)
    const again = asAnybody()
    onTestFinished(async () => {
      again()
      await chmod(join(root, 'locked'), 0o700)
    })
    expect(await namesBelow(root)).toEqual(['! locked', 'z.md'])
  })

  test.skipIf(process.platform !== 'linux')('yields a name that is no UTF-8 as a problem', async () => {
    const root = await folderWith(['a.md'])
    const bad = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xe9, 0x2e, 0x6d, 0x64])])
    await writeFile(bad, 'text')
    const found: unknown[] = []
    for await (const entry of discover(root)) found.push(entry)
    expect(found).toMatchObject([
      { relativePath: 'a.md' },
      {
        relativePath: 'b\\xE9.md',
        problem: { code: 'file_unreadable', message: expect.stringContaining('not valid UTF-8') },
      },
    ])
  })

  test.skipIf(process.platform === 'win32')('passes over pipes and sockets', async () => {
    const root = await folderWith(['a.md'])
    execFileSync('/usr/bin/env', ['mkfifo', join(root, 'pipe')])
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve))
    onTestFinished(() => void server.close())
    expect(await namesBelow(root)).toEqual(['a.md'])
    expect(await namesBelow(join(root, 'pipe'))).toEqual(['! pipe'])
  })

  test('looks at chosen paths only, and passes over those that are not there', async () => {
    const root = await folderWith({
      'a/b/one.md': '',
      'a/b/two.md': '',
      'a/other.md': '',
      'c/d/three.md': '',
      'c/no.bak': '',
      'c/.inkstoneignore': '*.bak',
    })
    const only = ['a/b/one.md', 'c', 'a/gone/x.md', 'a/gone.md'].map((path) => join(root, path))
    expect(await namesBelow(root, { only })).toEqual(['a/b/one.md', 'c/d/three.md'])
  })

  test('takes a single file for a root, whatever it is called', async () => {
    const root = await folderWith(['.hidden.tmp'])
    expect(await namesBelow(join(root, '.hidden.tmp'))).toEqual(['.hidden.tmp'])
  })

  test('says when a root is not there, and stops when the signal fires', async () => {
    await expect(namesBelow('/no/such/folder')).rejects.toMatchObject({ code: 'not_found' })
    const root = await folderWith(['a.md'])
    await expect(namesBelow(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })
})
