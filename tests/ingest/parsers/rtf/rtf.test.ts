import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../../src/core/errors.js'
import { rtfParser } from '../../../../src/ingest/parsers/rtf/rtf.js'
import { parseContext } from '../../../support/parse-context.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

async function parse(source: string | Uint8Array) {
  const bytes = typeof source === 'string' ? Buffer.from(source, 'latin1') : source
  return rtfParser().parse(bytes, parseContext('a.rtf', { scratchDir: await temporaryFolder() }))
}

const blocksOf = async (body: string, header = '\\ansi\\ansicpg1252') =>
  (await parse(`{\\rtf1${header}${body}}`)).blocks.map(({ kind, text }) => [kind, text])

/** Bytes as RTF writes them. */
const hex = (text: string, charset: string) =>
  [...iconv.encode(text, charset)].map((byte) => `\\'${byte.toString(16).padStart(2, '0')}`).join('')
const unicode = (text: string) => [...text].map((character) => `\\u${character.charCodeAt(0)}?`).join('')
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from([0, 0, 1, 0, 0, 0, 1, 0]),
  Buffer.alloc(16),
])

describe('rtfParser', () => {
  test('reads headings by outline and by style, and what the file says of itself', async () => {
    const parsed = await parse(
      `{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}}{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 heading 1;}{\\s2 ${hex('标题 2', 'gbk')};}{\\s8 toc 1;}{\\*\\cs1 Default;}}{\\info{\\title ${hex('手册', 'gbk')}}{\\author Wang}{\\company X}}{\\header top}\\pard\\s8 1 Scope 3\\par\\pard\\s1 ${hex('总则', 'gbk')}\\par\\pard plain\\par\\pard\\s2 Scope\\par{\\pard\\outlinelevel2 Deep\\par}\\pard text}`,
    )
    expect(parsed.blocks.map(({ kind, text, level, headingPath }) => [kind, text, level, headingPath])).toEqual([
      ['paragraph', '1 Scope 3', undefined, []],
      ['heading', '总则', 1, []],
      ['paragraph', 'plain', undefined, ['总则']],
      ['heading', 'Scope', 2, ['总则']],
      ['heading', 'Deep', 3, ['总则', 'Scope']],
      ['paragraph', 'text', undefined, ['总则', 'Scope', 'Deep']],
    ])
    expect(parsed).toMatchObject({ title: '手册', metadata: { author: 'Wang' }, mediaType: 'application/rtf' })
  })

  test.each([
    ['gbk', 134, 936, '离心泵的叶轮'],
    ['big5', 136, 950, '離心泵的葉輪'],
    ['shift_jis', 128, 932, 'ポンプの表示'],
    ['windows-1251', 204, 1251, 'Насос'],
  ])('reads %s by the font and by the file', async (charset, fontCharset, codePage, text) => {
    const fonts = `{\\fonttbl{\\f0\\fnil Arial;}{\\f1\\fcharset${fontCharset} X;}}`
    expect(await blocksOf(`${fonts}\\f1 ${hex(text, charset)}\\f0  a`)).toEqual([['paragraph', `${text} a`]])
    expect(await blocksOf(`${hex(text, charset)}\\par`, `\\ansicpg${codePage}`)).toEqual([['paragraph', text]])
    const raw = Buffer.concat([
      Buffer.from(`{\\rtf1\\ansicpg${codePage} `),
      escaped(iconv.encode(text, charset)),
      Buffer.from('}'),
    ])
    expect((await parse(raw)).blocks[0]?.text).toBe(text)
  })

  test('reads Unicode with its stand-ins, also of several bytes', async () => {
    expect(await blocksOf(`\\uc2\\u25991\\'ce\\'c4x\\uc0\\u-10179\\u-8704 y\\uc1\\u8364?`)).toEqual([
      ['paragraph', '文x😀y€'],
    ])
  })

  test('reads tables: the header, merged cells repeated, cells of several paragraphs', async () => {
    const row = (edges: string, cells: string[]) => `\\trowd${edges}\\pard\\intbl ${cells.join('\\cell ')}\\cell\\row`
    const plain = '\\cellx1000\\cellx2000\\cellx3000'
    const body = [
      row('\\trhdr\\cellx1000\\cellx3005', ['Model', 'Duty']),
      row(`\\trhdr${plain}`, ['', 'Flow', 'Head']),
      row(`\\clvmgf${plain}`, ['IH65', '25', '32\\par max']),
      row(`\\clvmrg${plain}`, ['', '50', '20']),
    ].join('')
    expect(await blocksOf(`before\\par${body}\\pard after\\par`)).toEqual([
      ['paragraph', 'before'],
      ['table', 'Model | Duty Flow | Duty Head\nIH65 | 25 | 32 max\nIH65 | 50 | 20'],
      ['paragraph', 'after'],
    ])
  })

  test('keeps tables apart that only an empty paragraph parts', async () => {
    const table = '\\trowd\\cellx1\\cellx900\\intbl a\\cell b\\cell\\row'
    expect(await blocksOf(`${table}\\pard\\par${table}`)).toHaveLength(2)
  })

  test('reads lists with their numbers and depth', async () => {
    const item = (mark: string, level: number, text: string) =>
      `{\\listtext ${mark}\\tab}\\pard\\ls1\\ilvl${level} ${text}\\par`
    expect(await blocksOf(`${item('1.', 0, 'one')}${item("\\'b7", 1, 'deep')}\\pard text\\par`)).toEqual([
      ['list', '1. one\n  - deep'],
      ['paragraph', 'text'],
    ])
  })

  test('puts footnotes and text boxes after their paragraph', async () => {
    const body =
      'Text{\\footnote \\pard\\plain{\\chftn} the note\\par}{\\shp{\\*\\shpinst{\\sp{\\sn posv}{\\sv 1}}{\\shptxt \\pard box\\par}}} goes on\\par next'
    expect(await blocksOf(body)).toEqual([
      ['paragraph', 'Text goes on'],
      ['footnote', 'the note'],
      ['paragraph', 'box'],
      ['paragraph', 'next'],
    ])
  })

  test('leaves out what is hidden, instructions of fields and what it does not know', async () => {
    const field = '{\\field{\\*\\fldinst HYPERLINK "x"}{\\fldrslt link}}'
    expect(await blocksOf(`{\\*\\unknown secret {deep}}a{\\v hidden}b ${field}{\\*\\bkmkstart x}\\par`)).toEqual([
      ['paragraph', 'ab link'],
    ])
    expect(await blocksOf('{\\constructor a}\\toString b\\valueOf c')).toEqual([['paragraph', 'abc']])
  })

  test('puts pictures aside, in hexadecimal and as they are, and names the others', async () => {
    const source = Buffer.concat([
      Buffer.from('{\\rtf1 before\\par{\\*\\shppict{\\pict\\pngblip\\picw9 '),
      Buffer.from(png.toString('hex').replace(/.{20}/g, '$&\r\n')),
      Buffer.from(`}}{\\nonshppict{\\pict\\wmetafile8 00}}{\\pict\\pngblip\\bin${png.length + 1} `),
      Buffer.concat([png, Buffer.from('}')]),
      Buffer.from('}{\\pict\\emfblip 0102}{\\object\\objemb{\\*\\objdata 00}{\\result shown}}\\par}'),
    ])
    const parsed = await parse(source)
    expect(parsed.pictures).toMatchObject([
      { at: 2, replaces: 0, page: null },
      { at: 2, replaces: 0 },
    ])
    const [first] = parsed.pictures
    expect(first?.source.kind === 'file' && (await readFile(first.source.path)).equals(png)).toBe(true)
    expect(parsed.losses).toEqual([
      { kind: 'image', count: 1, pages: [], reason: 'EMF pictures, a format that cannot be recognised' },
      { kind: 'object', count: 1, pages: [], reason: 'an embedded object of another program' },
    ])
    expect(parsed.blocks.map(({ text }) => text)).toEqual(['before', 'shown'])
  })

  test('says that a file is cut off, and refuses what is none or nested without end', async () => {
    const cut = await parse('{\\rtf1 text {\\b bold')
    expect(cut.blocks.map(({ text }) => text)).toEqual(['text bold'])
    expect(cut.losses).toMatchObject([{ kind: 'text', count: 1 }])
    expect((await parse('{\\rtf1 a}}} b')).blocks[0]?.text).toBe('a b')
    await expect(parse('no rtf')).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse(`{\\rtf1 ${'{'.repeat(1000)}`)).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('takes time in proportion to the file', async () => {
    const started = performance.now()
    await parse(`{\\rtf1 ${'{\\b x}'.repeat(100_000)}${unicode('泵'.repeat(50_000))}${'\\par'.repeat(50_000)}}`)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('ends on every damage with an error of its own or none', async () => {
    const whole = Buffer.from(
      `{\\rtf1\\ansicpg936{\\fonttbl{\\f0\\fcharset134 S;}}{\\stylesheet{\\s1 heading 1;}}\\s1 ${hex('总则', 'gbk')}\\par\\trowd\\clvmrg\\cellx9\\cellx99\\intbl a\\cell{\\footnote n}b\\cell\\row{\\pict\\pngblip 8950}\\u20013?{\\shp{\\*\\shpinst{\\shptxt t\\par}}}}`,
      'latin1',
    )
    const token = fc.constantFrom(
      '{',
      '}',
      '\\',
      '\\row',
      '\\cell',
      '\\bin99 ',
      '\\par',
      '{\\footnote ',
      "\\'",
      '\\u-1',
      '\0',
    )
    const edit = fc.tuple(fc.nat(whole.length), fc.nat(12), token)
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async (edits) => {
        const damaged = edits.reduce(
          (bytes, [at, drop, put]) =>
            Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + drop)]),
          whole,
        )
        const outcome = await parse(damaged).catch((thrown: unknown) => thrown)
        expect(outcome instanceof InkstoneError || !(outcome instanceof Error)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

/** Text bytes as an editor writes them: what RTF needs for itself has a backslash before it. */
function escaped(bytes: Buffer): Buffer {
  return Buffer.concat(
    [...bytes].map((byte) => ([0x5c, 0x7b, 0x7d].includes(byte) ? Buffer.of(0x5c, byte) : Buffer.of(byte))),
  )
}
