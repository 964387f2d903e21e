import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { xmlParser } from '../../../src/ingest/parsers/xml-document.js'
import { parseContext } from '../../support/parse-context.js'

const parse = (source: string | Uint8Array) => xmlParser().parse(Buffer.from(source), parseContext('a.xml'))
const textsOf = async (source: string | Uint8Array) => (await parse(source)).blocks.map(({ text }) => text)

describe('xmlParser', () => {
  test('makes a block of each record, under its path', async () => {
    const source =
      '<?xml version="1.0"?><parts xmlns="urn:x"><info><made>2024</made></info><part no="7"><name>泵 &amp; 轴</name><size unit="mm">65</size><note/></part><part no="8"><name>阀</name></part></parts>'
    expect(await textsOf(source)).toEqual([
      'parts > info\nmade: 2024',
      'parts > part\nno: 7\nname: 泵 & 轴\nsize: 65\nsize unit: mm',
      'parts > part\nno: 8\nname: 阀',
    ])
  })

  test('reads running text with the words inside it, and values beside deeper elements', async () => {
    const source = '<book><title>手册</title><chapter><p>Check <b>every</b> day.</p><p>Then stop.</p></chapter></book>'
    expect(await textsOf(source)).toEqual([
      'book\ntitle: 手册',
      'book > chapter > p\nCheck every day.',
      'book > chapter\np: Then stop.',
    ])
  })

  test('reads the encoding that the text declares', async () => {
    const source = '<?xml version="1.0" encoding="GB2312"?><a><name>离心泵</name></a>'
    expect(await textsOf(iconv.encode(source, 'gbk'))).toEqual(['a\nname: 离心泵'])
  })

  test('leaves document types aside, and opens nothing that they declare', async () => {
    const doctype =
      '<!DOCTYPE a PUBLIC "-//X//EN" "http://127.0.0.1:1/a.dtd" [<!ENTITY b "]>"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    expect(await textsOf(`<?xml version="1.0"?>\n<!-- x -->${doctype}<a><name>b</name></a>`)).toEqual(['a\nname: b'])
    await expect(parse(`${doctype}<a>&c;</a>`)).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse('<!DOCTYPE a [<a/>')).rejects.toMatchObject({
      code: expect.stringMatching(/file_corrupt|archive_bomb/),
    })
    await expect(parse('<a><b></a>')).rejects.toMatchObject({ code: 'file_corrupt' })
  })

  test('takes no longer for comments without end', async () => {
    const started = performance.now()
    await expect(parse(`${'<!---->'.repeat(50_000)}<a>`)).rejects.toMatchObject({ code: 'file_corrupt' })
    expect(performance.now() - started).toBeLessThan(3000)
  })

  test('reads what is drawn in a drawing', async () => {
    const svg =
      '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg><title>流程图</title><style>a{}</style><g><text>泵<tspan>P-101</tspan></text></g><path d="M0"/></svg>'
    expect(await parse(svg)).toMatchObject({ title: '流程图', mediaType: 'image/svg+xml' })
    expect(await textsOf(svg)).toEqual(['流程图', '泵 P-101'])
  })
})
