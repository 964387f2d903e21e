import { describe, expect, test } from 'vitest'
import { odfParser } from '../../../../src/ingest/parsers/odf/odf.js'
import { parseContext } from '../../../support/parse-context.js'
import { makeOdp, makeOdt, odtParts } from '../../fixtures/odf.js'
import { makePng } from '../../fixtures/picture.js'
import { scratchFolder } from '../../fixtures/scratch.js'
import { makeZip } from '../../fixtures/zip.js'

const parse = (bytes: Uint8Array, scratchDir = '/nowhere') =>
  odfParser().parse(bytes, parseContext('a.odt', { scratchDir }))
const blocksOf = async (body: string, styles = '') => (await parse(makeOdt(body, { styles }))).blocks
const texts = async (body: string, styles = '') => (await blocksOf(body, styles)).map((block) => block.text)
const p = (text: string, attributes = '') => `<text:p ${attributes}>${text}</text:p>`
const h = (text: string, level: number) => `<text:h text:outline-level="${level}">${text}</text:h>`
const item = (content: string) => `<text:list-item>${content}</text:list-item>`
const cell = (text: string, attributes = '') => `<table:table-cell ${attributes}>${p(text)}</table:table-cell>`
const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`

describe('odfParser, texts', () => {
  test('keeps headings by their level, paragraphs and the path above them', async () => {
    const { blocks, title, pageCount } = await parse(makeOdt(h('设备手册', 1) + h('维护', 2) + p('每月检查一次。')))
    expect({ title, pageCount }).toEqual({ title: '设备手册', pageCount: null })
    expect(blocks).toEqual([
      { kind: 'heading', text: '设备手册', page: null, headingPath: [], level: 1 },
      { kind: 'heading', text: '维护', page: null, headingPath: ['设备手册'], level: 2 },
      { kind: 'paragraph', text: '每月检查一次。', page: null, headingPath: ['设备手册', '维护'] },
    ])
  })

  test('knows titles and headings by the styles that a paragraph is made from', async () => {
    const styles =
      '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/><style:style style:name="P2" style:family="paragraph" style:parent-style-name="Heading_20_2"/>'
    const { blocks, title } = await parse(
      makeOdt(h('第一部分', 1) + p('手册', 'text:style-name="P1"') + p('维护', 'text:style-name="P2"'), { styles }),
    )
    expect(title).toBe('手册')
    expect(blocks.map(({ kind, level }) => [kind, level])).toEqual([
      ['heading', 1],
      ['heading', 1],
      ['heading', 2],
    ])
  })

  test('takes numbered paragraphs for headings only where nothing else is one', async () => {
    expect((await blocksOf(p('第一章 总则') + p('正文在此。'))).map(({ kind }) => kind)).toEqual([
      'heading',
      'paragraph',
    ])
    expect((await blocksOf(h('手册', 1) + p('第一章 总则'))).map(({ kind }) => kind)).toEqual(['heading', 'paragraph'])
  })

  test('reads white space as the file means it', async () => {
    expect(await texts(p('一\n  二<text:s text:c="2"/>三<text:tab/>四<text:line-break/>五'))).toEqual([
      '一 二  三\t四\n五',
    ])
  })

  test('leaves out deleted and hidden text, reading aids and lists of contents', async () => {
    const body =
      '<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion></text:changed-region></text:tracked-changes>' +
      '<text:table-of-content><text:index-body><text:p>维护 3</text:p></text:index-body></text:table-of-content>' +
      p(
        '<text:ruby><text:ruby-base>泵</text:ruby-base><text:ruby-text>bèng</text:ruby-text></text:ruby><text:span text:style-name="T9">看不见</text:span>站',
      ) +
      `<text:section text:display="none">${p('隐藏')}</text:section><text:section>${p('可见')}</text:section>`
    const styles =
      '<style:style style:name="T9" style:family="text"><style:text-properties text:display="none"/></style:style>'
    expect((await parse(makeOdt(body, { styles }))).blocks.map(({ text }) => text)).toEqual(['泵站', '可见'])
  })

  test('keeps lists with their depth, numbers and what goes on after a paragraph', async () => {
    const styles =
      '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>'
    const body =
      `<text:list text:style-name="L1">${item(`${p('停机')}<text:list>${item(p('断电'))}</text:list>`)}${item(p('检查'))}</text:list>` +
      p('然后') +
      `<text:list text:style-name="L1" text:continue-numbering="true">${item(p('开机'))}</text:list>` +
      `<text:list text:style-name="L9">${item(p('备件'))}</text:list>`
    expect(await texts(body, styles)).toEqual(['1. 停机\n  - 断电\n2. 检查', '然后', '3. 开机', '- 备件'])
  })

  test('finds headings that are kept as a list', async () => {
    const body = `<text:list>${item(h('总则', 1))}</text:list>${p('正文')}<text:list>${item(`<text:list>${item(h('细则', 2))}</text:list>`)}</text:list>`
    expect((await blocksOf(body)).map(({ kind, text }) => [kind, text])).toEqual([
      ['heading', '总则'],
      ['paragraph', '正文'],
      ['heading', '细则'],
    ])
  })

  test('reads tables with header rows, repeated rows and columns, and cells that cover others', async () => {
    const table = `<table:table><table:table-column table:number-columns-repeated="4"/><table:table-header-rows>${row(cell('部件'), cell('检查', 'table:number-columns-repeated="2"'), cell('备注'))}</table:table-header-rows>${row(cell('滤芯', 'table:number-rows-spanned="2"'), cell('甲'), cell('乙'), cell('一'))}${row('<table:covered-table-cell/>', cell('同', 'table:number-columns-spanned="2"'), '<table:covered-table-cell/>', cell('二'))}<table:table-row table:number-rows-repeated="2">${cell('阀')}</table:table-row><table:table-row table:number-rows-repeated="99999"><table:table-cell table:number-columns-repeated="99999"/></table:table-row></table:table>`
    expect(await texts(table)).toEqual(['部件 | 检查 | 检查 | 备注\n滤芯 | 甲 | 乙 | 一\n滤芯 | 同 |  | 二\n阀\n阀'])
  })

  test('loses no row behind empty ones that are repeated without end', async () => {
    const empty = '<table:table-row table:number-rows-repeated="99999"><table:table-cell/></table:table-row>'
    expect(await texts(`<table:table>${empty.repeat(20)}${row(cell('末'))}</table:table>`)).toEqual(['末'])
  })

  test('keeps the paragraphs and lists of a cell apart, and reads a table inside it after the outer one', async () => {
    const inner = `<table:table>${row(cell('x'), cell('y'))}</table:table>`
    const outer = `<table:table>${row(`<table:table-cell>${p('一')}${p('二')}<text:list>${item(p('三'))}${item(p('四'))}</text:list></table:table-cell>`, `<table:table-cell>${inner}${p('五')}</table:table-cell>`)}</table:table>`
    expect(await texts(outer)).toEqual(['一 二 三 四 | 五', 'x | y'])
  })

  test('reads footnotes, comments and text boxes after their paragraph', async () => {
    const note =
      '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>见附录。</text:p></text:note-body></text:note>'
    const box = `<draw:frame><draw:text-box>${p('框内')}</draw:text-box></draw:frame>`
    const comment =
      '<office:annotation><dc:creator>王工</dc:creator><dc:date>2026</dc:date><text:p>要查</text:p></office:annotation>'
    expect(
      (await blocksOf(p(`压力${note}不得超过。${box}${comment}`) + p('下一段'))).map(({ kind, text }) => [kind, text]),
    ).toEqual([
      ['paragraph', '压力[1]不得超过。'],
      ['footnote', '[1] 见附录。'],
      ['paragraph', '框内'],
      ['footnote', '批注（王工）：要查'],
      ['paragraph', '下一段'],
    ])
  })

  test('puts pictures aside where they stand, and counts embedded objects', async () => {
    const scratchDir = await scratchFolder()
    const frame = (content: string) => p(`<draw:frame>${content}</draw:frame>`)
    const image = (href: string) => `<draw:image xlink:href="${href}"/>`
    const entries = [{ name: 'Pictures/1.png', content: makePng(60, 60) }]
    const { blocks, pictures, losses } = await parse(
      makeOdt(
        p('文') +
          frame(`${image('Pictures/1.svg')}${image('Pictures/1.png')}<svg:desc>水泵的剖面图</svg:desc>`) +
          p('后') +
          frame(image('../outside.png')) +
          frame(`<draw:object xlink:href="./Object 9"/>${image('ObjectReplacements/Object 9')}`),
        { entries },
      ),
      scratchDir,
    )
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', '文'],
      ['caption', '水泵的剖面图'],
      ['paragraph', '后'],
    ])
    expect(pictures.map(({ at, page }) => [at, page])).toEqual([[2, null]])
    expect(losses.map(({ kind, count }) => [kind, count])).toEqual([
      ['object', 1],
      ['image', 1],
    ])
  })

  test('reads formulas in their line and charts as tables', async () => {
    const object = (name: string) => `<draw:frame><draw:object xlink:href="./${name}"/></draw:frame>`
    const chart =
      '<office:document-content xmlns:office="o" xmlns:chart="c" xmlns:table="t" xmlns:text="x"><office:body><office:chart><chart:chart><chart:title><text:p>销量</text:p></chart:title>' +
      `<table:table>${row(cell(''), cell('甲'))}${row(cell('一月'), cell('3'))}</table:table></chart:chart></office:chart></office:body></office:document-content>`
    const entries = [
      { name: 'Object 1/content.xml', content: '<math><mfrac><mi>F</mi><mi>A</mi></mfrac></math>' },
      { name: 'Object 2/content.xml', content: chart },
    ]
    const { blocks, losses } = await parse(
      makeOdt(p(`压力 ${object('Object 1')} 为`) + p(object('Object 2')), { entries }),
    )
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', '压力 F/A 为'],
      ['caption', '销量'],
      ['table', '| 甲\n一月 | 3'],
    ])
    expect(losses).toEqual([])
  })

  test('takes title and author of the file where the text has no title', async () => {
    expect(await parse(makeOdt(p('文'), { title: '年度报告', author: '王工' }))).toMatchObject({
      title: '年度报告',
      metadata: { author: '王工' },
    })
  })

  test('names a document that has a password, misses its text or is something else', async () => {
    const parts = odtParts(p('文'))
    const replaced = (name: string, content: string | null) =>
      makeZip(parts.flatMap((part) => (part.name !== name ? [part] : content === null ? [] : [{ name, content }])))
    const manifest =
      '<!DOCTYPE manifest:manifest SYSTEM "Manifest.dtd"><manifest:manifest><manifest:encryption-data/></manifest:manifest>'
    await expect(parse(replaced('META-INF/manifest.xml', manifest))).rejects.toMatchObject({
      code: 'password_required',
    })
    await expect(parse(replaced('content.xml', null))).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse(replaced('content.xml', '<a><body><drawing/></body></a>'))).rejects.toMatchObject({
      code: 'file_corrupt',
    })
  })
})

describe('odfParser, presentations', () => {
  const frame = (role: string, content: string, y = '1cm', x = '1cm') =>
    `<draw:frame presentation:class="${role}" svg:x="${x}" svg:y="${y}" svg:width="100mm" svg:height="1cm"><draw:text-box>${content}</draw:text-box></draw:frame>`

  test('makes a page of each slide: title, texts in reading order, notes', async () => {
    const notes = `<presentation:notes><draw:page-thumbnail presentation:class="page"/>${frame('notes', p('先停机。'))}</presentation:notes>`
    const group = `<draw:g><draw:custom-shape svg:x="1cm" svg:y="6cm" svg:width="1cm" svg:height="1cm">${p('组内')}</draw:custom-shape></draw:g>`
    const pages =
      `<draw:page>${frame('outline', `<text:list>${item(p('断电'))}</text:list>`, '8cm')}${group}${frame('subtitle', p('上方'), '40mm')}${frame('title', p('步骤'), '20cm')}${frame('footer', p('页脚'))}${notes}</draw:page>` +
      `<draw:page>${frame('title', p('数据'))}<draw:frame svg:x="1cm" svg:y="3cm" svg:width="9cm" svg:height="5cm"><table:table>${row(cell('部件'), cell('周期'))}${row(cell('滤芯'), cell('每月'))}</table:table><draw:image/></draw:frame></draw:page>`
    const { blocks, title, pageCount, mediaType } = await parse(makeOdp(pages))
    expect({ title, pageCount, mediaType }).toEqual({
      title: '步骤',
      pageCount: 2,
      mediaType: 'application/vnd.oasis.opendocument.presentation',
    })
    expect(blocks.map(({ kind, text, page, headingPath }) => [kind, text, page, headingPath])).toEqual([
      ['heading', '步骤', 1, []],
      ['paragraph', '上方', 1, ['步骤']],
      ['paragraph', '组内', 1, ['步骤']],
      ['list', '- 断电', 1, ['步骤']],
      ['heading', '备注', 1, ['步骤']],
      ['paragraph', '先停机。', 1, ['步骤', '备注']],
      ['heading', '数据', 2, []],
      ['table', '部件 | 周期\n滤芯 | 每月', 2, ['数据']],
    ])
  })

  test('skips hidden slides and names them, and those with pictures', async () => {
    const styles =
      '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    const pages = `<draw:page draw:style-name="dp2">${frame('title', p('草稿'))}</draw:page><draw:page>${frame('title', p('二'))}<draw:frame><draw:image/></draw:frame></draw:page>`
    const { blocks, losses } = await parse(makeOdp(pages, { styles }))
    expect(blocks.map(({ text, page }) => [text, page])).toEqual([['二', 2]])
    expect(losses).toEqual([
      { kind: 'page', count: 1, pages: [1], reason: 'hidden slides are not read' },
      { kind: 'image', count: 1, pages: [2], reason: 'pictures that the file refers to but does not hold' },
    ])
  })
})
