import { deflateSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { detectMediaType, falseClaim } from '../../../src/ingest/parse/media-type.js'
import { makeDocx, paragraph } from '../fixtures/docx.js'
import { makeCompoundFile, makeRawXlsx, makeWorkbook } from '../fixtures/workbook.js'
import { makeZip } from '../fixtures/zip.js'

const typeOf = async (content: string | Uint8Array, fileName: string) =>
  (await detectMediaType(Buffer.from(content), fileName)).mediaType
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

describe('detectMediaType', () => {
  test('goes by the bytes, not by the name', async () => {
    expect(await typeOf('%PDF-1.7\n', 'report.docx')).toBe('application/pdf')
    expect(await typeOf('junk\n%PDF-1.7\n', 'report')).toBe('application/pdf')
    expect(await typeOf(await makeDocx([paragraph('文')]), 'report.pdf')).toBe(docx)
    expect(await typeOf('<!DOCTYPE html><p>x</p>', 'report.txt')).toBe('text/html')
    expect(await typeOf('<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="x"></html>', 'a.xml')).toBe('text/html')
  })

  test('lets the name decide between kinds of text', async () => {
    expect(await typeOf('a,b\n1,2\n', 'a.csv')).toBe('text/csv')
    expect(await typeOf('# x', 'a.md')).toBe('text/markdown')
    expect(await typeOf('plain', 'a.md')).toBe('text/markdown')
    expect(await typeOf('<p>x</p>', 'a.html')).toBe('text/html')
    expect(await typeOf('a,b\n1,2\n3,4\n', 'a.txt')).toBe('text/plain')
  })

  test('recognises Markdown and tables without a telling name', async () => {
    expect(await typeOf('# 手册\n\n正文\n\n## 检查\n\n正文\n', 'a.txt')).toBe('text/markdown')
    expect(await typeOf('# comment\nkey=1\n## other\nkey=2\n', 'a.txt')).toBe('text/plain')
    expect(await typeOf('a,b\n1,2\n3,4\n', 'table')).toBe('text/csv')
  })

  test('recognises text in wide encodings', async () => {
    expect(await typeOf(iconv.encode('Important text', 'utf-16', { addBOM: true }), 'a.txt')).toBe('text/plain')
    expect(await typeOf(iconv.encode('重要文本', 'utf-32le', { addBOM: true }), 'a.txt')).toBe('text/plain')
  })

  test('recognises what is neither office file, web page nor plain text', async () => {
    expect(await detectMediaType(Buffer.from('{\\rtf1 x}'), 'a.rtf')).toEqual({
      mediaType: 'application/rtf',
      label: 'a rich text document (.rtf)',
    })
    expect(await typeOf('<?xml version="1.0"?><facts/>', 'a.xml')).toBe('application/xml')
    expect(await typeOf('From: a@b\nTo: c@d\nMIME-Version: 1.0\n\nHello', 'a.eml')).toBe('message/rfc822')
    expect(await typeOf(makeZip([{ name: 'a.txt', content: 'x' }]), 'a.docx')).toBe('application/zip')
    expect(await typeOf(deflateSync('some compressed text, which is not text at all'), 'a.txt')).not.toBe('text/plain')
  })

  test('tells an office file with a password from an old one', async () => {
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1024)])
    expect(await detectMediaType(compound, 'a.doc')).toEqual({
      mediaType: 'application/msword',
      label: 'an old Word document (.doc)',
    })
    const locked = Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')])
    expect(await typeOf(locked, 'a.docx')).toBe('application/x-encrypted-office')
  })

  test('recognises workbooks by what is in them', async () => {
    const rows = [['a', 'b']]
    for (const [format, type] of [
      ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
      ['xlsm', 'application/vnd.ms-excel.sheet.macroenabled.12'],
      ['biff8', 'application/vnd.ms-excel'],
      ['biff5', 'application/vnd.ms-excel'],
      ['ods', 'application/vnd.oasis.opendocument.spreadsheet'],
    ] as const) {
      expect(await typeOf(makeWorkbook([{ rows }], { format }), 'report.doc'), format).toBe(type)
    }
    expect(await typeOf(makeRawXlsx('<sheetData/>'), 'a.zip')).toBe(
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    )
  })

  test('tells the old Office formats apart by their streams, whatever their names', async () => {
    const stream = Buffer.from('x')
    const word = makeCompoundFile({ WordDocument: stream, 'ObjectPool/_1/Workbook': stream })
    expect(await detectMediaType(word, 'a.xls')).toEqual({
      mediaType: 'application/msword',
      label: 'an old Word document (.doc)',
    })
    const slides = makeCompoundFile({ 'PowerPoint Document': stream })
    expect((await detectMediaType(slides, 'a.bin')).label).toBe('an old PowerPoint presentation (.ppt)')
    const other = makeCompoundFile({ Contents: stream })
    expect((await detectMediaType(other, 'a.xls')).label).toBe('an old Microsoft Office file')
    const locked = makeCompoundFile({ EncryptionInfo: stream, EncryptedPackage: stream })
    expect(await typeOf(locked, 'a.xlsx')).toBe('application/x-encrypted-office')
  })
})

describe('falseClaim', () => {
  const claimOf = async (content: string | Uint8Array, fileName: string) =>
    falseClaim(await detectMediaType(Buffer.from(content), fileName), fileName)

  test('is what a name says of text, or of bytes that are nothing known', async () => {
    expect(await claimOf('not a pdf', 'report.PDF')).toBe('a PDF')
    expect(await claimOf('<!doctype html><p>please sign in</p>', 'report.pdf')).toBe('a PDF')
    expect(await claimOf(Buffer.alloc(4096), 'report.docx')).toBe('a Word document')
    expect(await claimOf('a,b\n1,2\n', 'table.xlsx')).toBe('an Excel workbook')
    expect(await claimOf('a,b\n1,2\n', 'table.ods')).toBe('an OpenDocument spreadsheet')
    expect(await claimOf('a,b\n1,2\n', 'table.xlsm')).toBe('an Excel workbook')
    expect(await claimOf('text', 'talk.odp')).toBe('an OpenDocument presentation')
  })

  test('is nothing where name and bytes agree, or only disagree about which format', async () => {
    expect(await claimOf('%PDF-1.7\n', 'report.docx')).toBeNull()
    expect(await claimOf(await makeDocx([paragraph('文')]), 'report.docx')).toBeNull()
    expect(await claimOf('text', 'report.txt')).toBeNull()
    expect(await claimOf('text', 'pdf')).toBeNull()
    expect(await claimOf('<html><table></table></html>', 'export.xls')).toBeNull()
  })
})
