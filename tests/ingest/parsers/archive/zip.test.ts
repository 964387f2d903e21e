import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { zipParser } from '../../../../src/ingest/parsers/archive/zip.js'
import { parseContext } from '../../../support/parse-context.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { makeZip, type ZipEntry } from '../../fixtures/zip.js'

async function parse(entries: readonly ZipEntry[], limits = {}) {
  const scratchDir = await temporaryFolder()
  const parsed = await zipParser(limits).parse(makeZip(entries), parseContext('手册.zip', { scratchDir }))
  return { ...parsed, scratchDir }
}

const names = ({ members }: { members: { name: string }[] }) => members.map(({ name }) => name)

describe('zipParser', () => {
  test('lists what is inside and puts each file aside', async () => {
    const parsed = await parse([
      { name: '泵/', content: '' },
      { name: '泵/说明.txt', content: '检查油位' },
      { name: 'inner.zip', content: makeZip([{ name: 'a', content: 'x' }]) },
      { name: '__MACOSX/._说明.txt', content: 'x' },
      { name: 'a/.DS_Store', content: 'x' },
      { name: 'Thumbs.db', content: 'x' },
    ])
    expect(names(parsed)).toEqual(['泵/说明.txt', 'inner.zip'])
    expect(parsed.blocks).toMatchObject([{ kind: 'list', text: '- 泵/说明.txt (12 bytes)\n- inner.zip (103 bytes)' }])
    expect(await readFile(parsed.members[0]?.path ?? '', 'utf8')).toBe('检查油位')
    expect(parsed.losses).toEqual([])
  })

  test('keeps every file in the scratch folder, and every name inside the archive', async () => {
    const evil = ['../../evil.txt', '/etc/evil.txt', 'C:\\evil.txt', '..\\..\\evil.txt', 'a/../../evil.txt']
    const parsed = await parse(evil.map((name) => ({ name, content: name })))
    expect(names(parsed)).toEqual(['evil.txt', 'etc/evil.txt', 'evil (2).txt', 'evil (3).txt', 'a/evil.txt'])
    for (const { path } of parsed.members) expect(dirname(path)).toBe(parsed.scratchDir)
  })

  test('never lets a name escape, whatever its bytes', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 })
    const entry = fc.oneof(
      bytes,
      fc.constantFrom('../x', '\\..\\y', 'C:/z', './').map((name) => Buffer.from(name)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (rawNames) => {
        const parsed = await parse(rawNames.map((rawName) => ({ name: '', rawName, content: 'x' })))
        for (const { name, path } of parsed.members) {
          expect(name.split('/')).not.toContain('..')
          expect(name).not.toMatch(/^$|^\/|\\/)
          expect(dirname(path)).toBe(parsed.scratchDir)
        }
        expect(new Set(names(parsed)).size).toBe(parsed.members.length)
      }),
      { numRuns: 40 },
    )
  })

  test.each([
    ['gbk', ['设备维护手册/离心泵检查表.xlsx', '新建文本文档.txt']],
    ['big5', ['設備維護手冊/離心泵檢查表.xlsx', '說明.txt']],
    ['shift_jis', ['取扱説明書/ポンプの点検.xlsx', 'はじめに.txt']],
    ['gbk', ['表1.xlsx']],
    ['cp437', ['Maschinenübersicht.txt', 'Größe.txt']],
  ])('reads names in %s that the archive does not mark', async (encoding, written) => {
    const parsed = await parse(written.map((name) => ({ name, rawName: iconv.encode(name, encoding), content: 'x' })))
    expect(names(parsed)).toEqual(written)
  })

  test('reads names in UTF-8 that the archive does not mark', async () => {
    expect(names(await parse([{ name: '', rawName: Buffer.from('泵.txt'), content: 'x' }]))).toEqual(['泵.txt'])
  })

  test('says which files it could not take, and takes the others', async () => {
    const damaged = { name: 'damaged.txt', content: 'x'.repeat(100), claimedBytes: 7 }
    const parsed = await parse([
      { name: 'good.txt', content: 'good' },
      { name: 'locked.txt', content: 'x', isEncrypted: true },
      { name: 'odd.txt', content: 'x', method: 14 },
      { name: 'link.txt', content: '/etc/passwd', unixMode: 0o120777 },
      damaged,
    ])
    expect(names(parsed)).toEqual(['good.txt'])
    expect(parsed.losses).toEqual([
      { kind: 'member', count: 1, pages: [], reason: 'the file inside needs a password' },
      { kind: 'member', count: 1, pages: [], reason: 'the file inside is packed in a way that cannot be unpacked' },
      { kind: 'member', count: 1, pages: [], reason: 'the file inside is damaged' },
    ])
    expect(parsed.warnings).toEqual(['1 link inside the archive was not followed'])
    expect(parsed.blocks[0]?.text).toContain('locked.txt')
    expect(parsed.blocks[0]?.text).not.toContain('link.txt')
  })

  test('asks for the password where every file has one', async () => {
    await expect(parse([{ name: 'a.txt', content: 'x', isEncrypted: true }])).rejects.toMatchObject({
      code: 'password_required',
    })
  })

  test('refuses what unpacks to more than may be read', async () => {
    const files = [1, 2, 3].map((number) => ({ name: `${number}.txt`, content: 'x'.repeat(100) }))
    await expect(parse(files, { maxUnpackedBytes: 299 })).rejects.toMatchObject({ code: 'archive_bomb' })
    await expect(parse(files, { maxEntries: 2 })).rejects.toMatchObject({ code: 'archive_bomb' })
    expect((await parse(files, { maxUnpackedBytes: 300 })).members).toHaveLength(3)
  })
})
