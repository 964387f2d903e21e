import { describe, expect, test } from 'vitest'
import { checkZip } from '../../../src/ingest/parse/zip-gate.js'
import { makeDocx, paragraph } from '../fixtures/docx.js'
import { makeZip } from '../fixtures/zip.js'

const bomb = { code: 'archive_bomb' }
/** An archive that says it is a document, which is opened as one. */
const makeDocument = (...files: Parameters<typeof makeZip>[0]) =>
  makeZip([{ name: 'mimetype', content: 'application/epub+zip' }, ...files])

describe('checkZip', () => {
  test('lets an ordinary document through', async () => {
    await expect(checkZip(await makeDocx([paragraph('正文')]))).resolves.toBeUndefined()
  })

  test('counts entries and unpacked bytes', async () => {
    const files = Array.from({ length: 5 }, (_, index) => ({ name: `${index}.txt`, content: 'x'.repeat(100) }))
    await expect(checkZip(makeZip(files), { maxEntries: 4 })).rejects.toMatchObject(bomb)
    await expect(checkZip(makeZip(files), { maxUnpackedBytes: 499 })).rejects.toMatchObject(bomb)
    await expect(checkZip(makeZip(files), { maxEntries: 5, maxUnpackedBytes: 500 })).resolves.toBeUndefined()
  })

  test('refuses an entry that unpacks to a multiple of its size', async () => {
    await expect(checkZip(makeZip([{ name: 'a.xml', content: '\0'.repeat(2_000_000) }]))).rejects.toMatchObject(bomb)
  })

  test('does not believe the directory', async () => {
    const lying = makeDocument({ name: 'a.bin', content: 'x'.repeat(5000), claimedBytes: 10 })
    await expect(checkZip(lying)).rejects.toMatchObject({ code: 'file_corrupt' })
  })

  test('refuses names that lead out of the archive', async () => {
    await expect(checkZip(makeDocument({ name: '../../etc/passwd', content: 'x' }))).rejects.toMatchObject(bomb)
    await expect(checkZip(makeDocument({ name: '/etc/passwd', content: 'x' }))).rejects.toMatchObject(bomb)
  })

  test('refuses XML that declares a DOCTYPE or entities, in any encoding', async () => {
    const evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    await expect(checkZip(makeDocument({ name: 'word/document.xml', content: evil }))).rejects.toMatchObject(bomb)
    const wide = Buffer.from(evil, 'utf16le')
    await expect(checkZip(makeDocument({ name: 'word/document.xml', content: wide }))).rejects.toMatchObject(bomb)
  })

  test('lets an e-book name the DOCTYPE that its standard asks for, but declare no entities', async () => {
    const named = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "xhtml11.dtd"><html/>'
    for (const name of ['OEBPS/a.xhtml', 'toc.ncx', 'META-INF/manifest.xml']) {
      await expect(checkZip(makeDocument({ name, content: named }))).resolves.toBeUndefined()
    }
    const declared = '<!DOCTYPE html [<!ENTITY a "b">]><html/>'
    await expect(checkZip(makeDocument({ name: 'a.xhtml', content: declared }))).rejects.toMatchObject(bomb)
    await expect(checkZip(makeDocument({ name: 'content.opf', content: named }))).rejects.toMatchObject(bomb)
  })

  test('looks only at the directory of an archive that is no document', async () => {
    const plain = makeZip([
      { name: '../a.xml', content: '<!DOCTYPE x [<!ENTITY a "b">]><x/>' },
      { name: 'b.bin', content: 'x', isEncrypted: true },
      { name: 'c.bin', content: 'x'.repeat(500), claimedBytes: 10 },
    ])
    await expect(checkZip(plain)).resolves.toBeUndefined()
    await expect(checkZip(plain, { maxEntries: 2 })).rejects.toMatchObject(bomb)
    await expect(checkZip(makeZip([{ name: 'a', content: '\0'.repeat(2_000_000) }]))).rejects.toMatchObject(bomb)
  })

  test('names what is no archive', async () => {
    await expect(checkZip(Buffer.from('PK\u0003\u0004 nothing'))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
