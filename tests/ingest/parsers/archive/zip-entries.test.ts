import { describe, expect, test } from 'vitest'
import { openZipEntries } from '../../../../src/ingest/parsers/archive/zip-entries.js'
import { makeZip } from '../../fixtures/zip.js'

const archive = makeZip([
  { name: 'a/', content: '' },
  { name: 'a/第一.xml', content: '一' },
  { name: 'B.xml', content: 'x'.repeat(1000) },
])
const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

describe('openZipEntries', () => {
  test('lists the files and reads them by name', async () => {
    const entries = await openZipEntries(archive)
    expect(entries.names).toEqual(['a/第一.xml', 'B.xml'])
    expect(textOf(await entries.read('a/第一.xml'))).toBe('一')
    expect(await entries.read('c.xml')).toBeNull()
  })

  test('minds the case of a name only where two differ in nothing else', async () => {
    const two = await openZipEntries(
      makeZip([
        { name: 'a.xml', content: '1' },
        { name: 'A.xml', content: '2' },
      ]),
    )
    expect([textOf(await two.read('a.xml')), textOf(await two.read('A.xml'))]).toEqual(['1', '2'])
    expect((await (await openZipEntries(archive)).read('b.XML'))?.length).toBe(1000)
  })

  test('refuses too many files and too large ones', async () => {
    await expect(openZipEntries(archive, { maxEntries: 2 })).rejects.toMatchObject({ code: 'archive_bomb' })
    const entries = await openZipEntries(archive, { maxEntries: 3, maxBytes: 999 })
    await expect(entries.read('B.xml')).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('names what is no archive, and an entry that is damaged', async () => {
    await expect(openZipEntries(Buffer.from('PK'))).rejects.toMatchObject({ code: 'file_corrupt' })
    const damaged = Buffer.from(archive)
    damaged.fill(0xff, damaged.indexOf('B.xml') + 5, damaged.indexOf('B.xml') + 12)
    await expect((await openZipEntries(damaged)).read('B.xml')).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
