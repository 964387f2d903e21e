import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openFolderChanges } from '../../../src/ingest/sync/folder-changes.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function opened({ poll }: { poll: boolean }, files: Record<string, string>) {
  const root = await temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true })
    await writeFile(join(root, name), text)
  }
  const told = new Set<string>()
  const onChange = (path: string, { isLink }: { isLink: boolean }) =>
    void told.add(`${path.slice(root.length + 1)}${isLink ? ' (link)' : ''}`)
  const changes = await openFolderChanges([root], { poll, pollMs: 50, onChange, onMissed: () => told.add('missed') })
  onTestFinished(() => changes.close())
  const until = (...names: string[]) =>
    expect.poll(() => [...told], { timeout: 20_000 }).toEqual(expect.arrayContaining(names))
  return { root, told, until }
}

describe('openFolderChanges', () => {
  test.each([{ poll: false }, { poll: true }])('tells what comes, changes, moves and goes, %o', async (how) => {
    const { root, told, until } = await opened(how, { 'a.md': 'one', 'in/b.md': 'two', '.git/config': 'x' })
    expect([...told]).toEqual([])
    await writeFile(join(root, 'a.md'), 'one, longer')
    await until('a.md')
    await mkdir(join(root, 'new/deep'), { recursive: true })
    await writeFile(join(root, 'new/deep/c.md'), 'three')
    await until('new/deep/c.md')
    told.clear()
    await rename(join(root, 'in'), join(root, 'out'))
    await until('in/b.md', 'out/b.md')
    await rm(join(root, 'a.md'))
    await until('a.md')
  })

  test('watches nothing that is ignored, but the ignore files, and tells links without following them', async () => {
    const { root, told, until } = await opened({ poll: false }, { 'a.md': 'one', '.inkstoneignore': 'drafts/\n' })
    await mkdir(join(root, 'drafts'))
    await writeFile(join(root, 'drafts/x.md'), 'x')
    await writeFile(join(root, '.hidden.md'), 'x')
    await symlink('/', join(root, 'everything'))
    await writeFile(join(root, '.inkstoneignore'), '')
    await writeFile(join(root, 'last.md'), 'x')
    await until('last.md', '.inkstoneignore', 'everything (link)')
    expect([...told].sort()).toEqual(['.inkstoneignore', 'everything (link)', 'last.md'])
  })
})
