import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ignoreRules } from '../../../src/ingest/sync/ignore.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function rulesOf(ignoreFiles: Record<string, string>) {
  const root = await temporaryFolder()
  for (const [folder, text] of Object.entries(ignoreFiles)) {
    await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, folder, '.inkstoneignore'), text)
  }
  const rules = ignoreRules(root)
  return (path: string) => rules.reasonFor(path.replace(/\/$/, ''), { isFolder: path.endsWith('/') })
}

describe('ignoreRules', () => {
  test.each([
    '.env',
    '.git/',
    'a/.DS_Store',
    '~$Plan.docx',
    'node_modules/',
    'a/Thumbs.db',
    'THUMBS.DB',
    'x.tmp',
    'a/film.part',
    'setup.crdownload',
    '$RECYCLE.BIN/',
  ])('passes over %s without being told', async (path) => {
    expect((await rulesOf({}))(path)).toBe('default')
  })

  test.each(['a.md', 'tmp/', 'part', 'a/~plan.docx', 'node_modules.md', '中文.md'])('wants %s', async (path) => {
    expect((await rulesOf({}))(path)).toBeNull()
  })

  test('takes patterns, folders, comments and line ends as .gitignore does', async () => {
    const reason = await rulesOf({ '': '\uFEFF# drafts\r\n*.bak\r\n/only-here\r\ndrafts/\r\n\r\na/**/z.md\r\n' })
    for (const path of ['x.bak', 'deep/x.BAK', 'only-here', 'drafts/', 'deep/drafts/', 'a/z.md', 'a/b/c/z.md']) {
      expect({ path, reason: reason(path) }).toEqual({ path, reason: 'rule' })
    }
    for (const path of ['deep/only-here', 'drafts', 'z.md', '# drafts']) {
      expect({ path, reason: reason(path) }).toEqual({ path, reason: null })
    }
  })

  test('lets the nearest file have the last word, for its folder and below only', async () => {
    const reason = await rulesOf({ '': '*.md\nout/\n', a: '!keep.md\n!out/\n/local.txt\n', 'a/b': 'keep.md\n' })
    expect(reason('x.md')).toBe('rule')
    expect(reason('a/keep.md')).toBeNull()
    expect(reason('a/deep/keep.md')).toBeNull()
    expect(reason('a/b/keep.md')).toBe('rule')
    expect(reason('keep.md')).toBe('rule')
    expect(reason('out/')).toBe('rule')
    expect(reason('a/out/')).toBeNull()
    expect(reason('a/out/file.txt')).toBeNull()
    expect(reason('a/local.txt')).toBe('rule')
    expect(reason('a/deep/local.txt')).toBeNull()
  })

  test('takes back what nobody wants by default', async () => {
    const reason = await rulesOf({ '': '!.github/\n!*.tmp\n' })
    expect(reason('.github/')).toBeNull()
    expect(reason('.github/guide.md')).toBeNull()
    expect(reason('a.tmp')).toBeNull()
    expect(reason('.env')).toBe('default')
  })

  test.each(['[draft] *', '!important', '#1', 'a b ', 'ends\\', '中 文?'])(
    'reads the ignore file of a folder named "%s"',
    async (folder) => {
      const reason = await rulesOf({ [folder]: 'x.md\n/y.md\n\\#z.md\n' })
      expect([`${folder}/x.md`, `${folder}/deep/x.md`, `${folder}/y.md`, `${folder}/#z.md`].map(reason)).toEqual(
        Array.from({ length: 4 }, () => 'rule'),
      )
      expect(['x.md', `${folder}/deep/y.md`, 'other/x.md'].map(reason)).toEqual([null, null, null])
    },
  )
})
