import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseFile } from '../../../src/ingest/parse/parse-file.js'
import { parseContext } from '../../support/parse-context.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makeEpub } from '../fixtures/epub.js'
import { makeOdp, makeOdt } from '../fixtures/odf.js'
import { makePptx, title } from '../fixtures/pptx.js'
import { makeCompoundFile, makeRawXlsx, makeWorkbook } from '../fixtures/workbook.js'
import { makeZip } from '../fixtures/zip.js'

async function parse(content: string | Uint8Array, fileName: string, limits: { maxCharacters?: number } = {}) {
  const folder = await temporaryFolder()
  const path = join(folder, 'blob')
  await writeFile(path, content)
  const scratchDir = join(folder, 'scratch')
  await mkdir(scratchDir)
  return await parseFile(path, { ...parseContext(fileName, { scratchDir }), ...limits })
}

describe('parseFile', () => {
  test('reads a file by its content', async () => {
    const { blocks, mediaType } = await parse('<!doctype html><h1>手册</h1><p>正文</p>', 'a.txt')
    expect(mediaType).toBe('text/html')
    expect(blocks.map((block) => block.text)).toEqual(['手册', '正文'])
  })

  test.each([
    ['file_empty', '', 'a.txt'],
    ['no_text', ' \n\t', 'a.txt'],
    ['unsupported_format', '7z\xbc\xaf\x27\x1c\x00\x04', 'a.7z'],
    ['unsupported_format', '\x89PNG\r\n\x1a\n', 'a.txt'],
    ['file_corrupt', '%PDF-1.7\nnothing', 'a.pdf'],
    ['file_corrupt', 'not a pdf', 'a.pdf'],
  ])('reports %s', async (code, content, fileName) => {
    await expect(parse(Buffer.from(content, 'latin1'), fileName)).rejects.toMatchObject({
      code,
      remedy: expect.any(String),
    })
  })

  test('names the format found and those supported', async () => {
    await expect(parse(`OggS${'\0'.repeat(40)}`, 'notes.ogg')).rejects.toMatchObject({
      message: expect.stringContaining('.og'),
      remedy: expect.stringContaining('Word (.docx'),
    })
  })

  test('checks an archive before it is opened', async () => {
    const types =
      '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    const bomb = makeZip([
      { name: '[Content_Types].xml', content: types },
      { name: 'word/document.xml', content: ' '.repeat(3_000_000) },
    ])
    await expect(parse(bomb, 'a.docx')).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('reads workbooks, and says what is wrong with those that cannot be read', async () => {
    const xls = makeWorkbook([{ rows: [['部件', '滤芯']] }], { format: 'biff8' })
    expect((await parse(xls, 'a.xls')).blocks.map((block) => block.text)).toEqual(['Sheet1', '部件 | 滤芯'])
    await expect(parse(xls.slice(0, 600), 'a.xls')).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse(makeWorkbook([{ rows: [] }]), 'a.xlsx')).rejects.toMatchObject({ code: 'no_text' })
    const stream = Buffer.from('x')
    const locked = makeCompoundFile({ EncryptionInfo: stream, EncryptedPackage: stream })
    await expect(parse(locked, 'a.xlsx')).rejects.toMatchObject({ code: 'password_required' })
    const word = makeCompoundFile({ WordDocument: stream })
    await expect(parse(word, 'a.doc')).rejects.toMatchObject({ code: 'unsupported_format' })
    const bomb = makeRawXlsx(`<sheetData>${' '.repeat(3_000_000)}</sheetData>`)
    await expect(parse(bomb, 'a.xlsx')).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  const chapter = (body: string) => makeEpub([{ name: 'a.xhtml', body }])
  const page = (content: string) =>
    `<draw:page><draw:frame><draw:text-box>${content}</draw:text-box></draw:frame></draw:page>`
  const archives: [string, (text: string) => Uint8Array][] = [
    ['presentation', (text) => makePptx([{ shapes: title(text) }])],
    ['OpenDocument text', (text) => makeOdt(`<text:p>${text}</text:p>`)],
    ['OpenDocument presentation', (text) => makeOdp(page(`<text:p>${text}</text:p>`))],
    ['e-book', (text) => chapter(`<p>${text}</p>`)],
  ]

  test.each(archives)('reads an %s by its content, and says when it is cut off or empty', async (_, make) => {
    const whole = make('水泵')
    expect((await parse(whole, 'a')).blocks.map((block) => block.text)).toEqual(['水泵'])
    await expect(parse(whole.subarray(0, whole.length - 30), 'a.bin')).rejects.toMatchObject({
      code: 'file_corrupt',
    })
    await expect(parse(make(''), 'a')).rejects.toMatchObject({ code: 'no_text' })
  })

  test('refuses more text than may be kept', async () => {
    await expect(parse('0123456789', 'a.txt', { maxCharacters: 9 })).rejects.toMatchObject({ code: 'parse_failed' })
  })

  test('says when a file cannot be opened', async () => {
    await expect(parseFile('/no/such/blob', parseContext('a.txt'))).rejects.toMatchObject({ code: 'file_unreadable' })
  })
})
