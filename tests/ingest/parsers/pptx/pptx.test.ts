import { describe, expect, test } from 'vitest'
import { pptxParser } from '../../../../src/ingest/parsers/pptx/pptx.js'
import { parseContext } from '../../../support/parse-context.js'
import { makePng } from '../../fixtures/picture.js'
import { cell, graphic, makePptx, p, picture, pptxParts, type SlideSource, shape, title } from '../../fixtures/pptx.js'
import { scratchFolder } from '../../fixtures/scratch.js'
import { makeZip } from '../../fixtures/zip.js'

const parseBytes = (bytes: Uint8Array, scratchDir = '/nowhere') =>
  pptxParser().parse(bytes, parseContext('a.pptx', { scratchDir }))
const parse = (...slides: SlideSource[]) => parseBytes(makePptx(slides))
const texts = async (shapes: string, parts: SlideSource['parts'] = {}) =>
  (await parse({ shapes, parts })).blocks.map((block) => block.text)
const table = (rows: string, properties = '<a:tblPr firstRow="1"/>') => graphic(`<a:tbl>${properties}${rows}</a:tbl>`)
const row = (...cells: string[]) => `<a:tr>${cells.join('')}</a:tr>`

describe('pptxParser', () => {
  test('makes a page of each slide, in the order of the presentation, with its title as a heading', async () => {
    const {
      blocks,
      title: deckTitle,
      pageCount,
    } = await parse(
      { shapes: shape(p('水泵'), { ph: 'type="ctrTitle"' }) + shape(p('2026 年'), { ph: 'type="subTitle" idx="1"' }) },
      { shapes: title('维护') + shape(p('每月检查一次。'), { at: [0, 100, 900, 50] }) },
    )
    expect({ deckTitle, pageCount }).toEqual({ deckTitle: '水泵', pageCount: 2 })
    expect(blocks).toEqual([
      { kind: 'heading', text: '水泵', page: 1, headingPath: [], level: 2 },
      { kind: 'paragraph', text: '2026 年', page: 1, headingPath: ['水泵'] },
      { kind: 'heading', text: '维护', page: 2, headingPath: [], level: 2 },
      { kind: 'paragraph', text: '每月检查一次。', page: 2, headingPath: ['维护'] },
    ])
  })

  test('puts nothing of a slide without a title under the title before it', async () => {
    const { blocks } = await parse({ shapes: title('维护') }, { shapes: shape(p('另一页')) })
    expect(blocks.at(-1)).toMatchObject({ text: '另一页', page: 2, headingPath: [] })
  })

  test('skips hidden slides, names them and keeps the numbers of the others', async () => {
    const { blocks, losses, pageCount } = await parse(
      { shapes: title('一') },
      { shapes: title('草稿'), isHidden: true },
      { shapes: title('三') },
    )
    expect(blocks.map(({ text, page }) => [text, page])).toEqual([
      ['一', 1],
      ['三', 3],
    ])
    expect(losses).toEqual([{ kind: 'page', count: 1, pages: [2], reason: 'hidden slides are not read' }])
    expect(pageCount).toBe(3)
  })

  test('reads shapes from top to bottom and left to right, whatever their order in the file', async () => {
    const shapes =
      shape(p('右下'), { at: [500, 300, 400, 100] }) +
      shape(p('左下'), { at: [0, 300, 400, 100] }) +
      shape(p('右上'), { at: [500, 100, 400, 100] }) +
      title('标题') +
      shape(p('左上'), { at: [0, 105, 400, 100] })
    expect(await texts(shapes)).toEqual(['标题', '左上', '右上', '左下', '右下'])
  })

  test('takes the place and the bullets of a placeholder from its layout and master', async () => {
    const body = p('一级') + p('二级', '<a:pPr lvl="1"/>') + p('无符号', '<a:pPr><a:buNone/></a:pPr>')
    const [above, below] = [shape(p('上方'), { at: [0, 100, 900, 50] }), shape(p('下方'), { at: [0, 1100, 900, 50] })]
    const shapes = below + shape(body, { ph: 'idx="1"' }) + above
    expect(await texts(shapes)).toEqual(['上方', '- 一级\n  - 二级', '无符号', '下方'])
  })

  test('numbers lists as the file does', async () => {
    const numbered = '<a:pPr><a:buAutoNum type="arabicPeriod" startAt="3"/></a:pPr>'
    expect(await texts(shape(p('三', numbered) + p('四', numbered)))).toEqual(['3. 三\n4. 四'])
  })

  test('keeps a group together, and leaves footers, numbers and hidden shapes out', async () => {
    const group = `<p:grpSp><p:nvGrpSpPr/><p:grpSpPr><a:xfrm><a:off x="0" y="100"/><a:ext cx="400" cy="400"/></a:xfrm></p:grpSpPr>${shape(p('组内下'), { at: [0, 90, 10, 10] })}${shape(p('组内上'), { at: [0, 10, 10, 10] })}</p:grpSp>`
    const hidden = shape(p('看不见')).replace('name="x"', 'name="x" hidden="1"')
    const shapes =
      shape(p('右'), { at: [500, 100, 400, 400] }) + group + hidden + shape(p('7'), { ph: 'type="sldNum"' })
    expect(await texts(shapes)).toEqual(['组内上', '组内下', '右'])
  })

  test('reads a table with merged cells so that each row can be read alone', async () => {
    const rows =
      row(cell('区域'), cell('二零二五', 'gridSpan="2"'), cell('', 'hMerge="1"')) +
      row(cell(''), cell('上半年'), cell('下半年')) +
      row(cell('华东', 'rowSpan="2"'), cell('1'), cell('2')) +
      row(cell('', 'vMerge="1"'), cell('3'), cell('4'))
    expect(await texts(table(rows))).toEqual(['区域 | 二零二五 上半年 | 二零二五 下半年\n华东 | 1 | 2\n华东 | 3 | 4'])
  })

  test('reads a chart as a table with its titles above it', async () => {
    const cache = (values: readonly string[], format = '') =>
      `<c:numCache>${format}${values.map((value, index) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`).join('')}</c:numCache>`
    const series = (name: string, values: string) =>
      `<c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>${name}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>一月</c:v></c:pt><c:pt idx="1"><c:v>二月</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef>${values}</c:numRef></c:val></c:ser>`
    const chart = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><a:t>销量</a:t></c:tx></c:title><c:plotArea><c:barChart>${series('甲', cache(['0.30000000000000004', '2']))}${series('乙', cache(['0.35'], '<c:formatCode>0%</c:formatCode>'))}</c:barChart><c:valAx><c:title><a:t>万元</a:t></c:title></c:valAx></c:plotArea></c:chart></c:chartSpace>`
    const parts = { rId7: { type: 'chart', name: 'charts/chart1.xml', content: chart } }
    expect(await texts(graphic('<c:chart r:id="rId7"/>'), parts)).toEqual([
      '销量; 万元',
      '| 甲 | 乙\n一月 | 0.3 | 35%\n二月 | 2',
    ])
  })

  test('reads a diagram as a list by its hierarchy', async () => {
    const point = (id: string, text: string) => `<dgm:pt modelId="${id}"><dgm:t>${p(text)}</dgm:t></dgm:pt>`
    const link = (from: string, to: string, order: number) =>
      `<dgm:cxn srcId="${from}" destId="${to}" srcOrd="${order}"/>`
    const model = `<dgm:dataModel xmlns:dgm="dgm" xmlns:a="a"><dgm:ptLst><dgm:pt modelId="0" type="doc"/>${point('1', '检查')}${point('2', '停机')}${point('3', '断电')}<dgm:pt modelId="9" type="pres"/></dgm:ptLst><dgm:cxnLst>${link('0', '1', 1)}${link('0', '2', 0)}${link('2', '3', 0)}${link('3', '2', 0)}<dgm:cxn type="presOf" srcId="1" destId="9"/></dgm:cxnLst></dgm:dataModel>`
    const parts = { rId8: { type: 'diagramData', name: 'diagrams/data1.xml', content: model } }
    expect(await texts(graphic('<dgm:relIds r:dm="rId8"/>'), parts)).toEqual(['- 停机\n  - 断电\n- 检查'])
  })

  test('puts the notes after the slide, under their own heading', async () => {
    const notes =
      shape('', { ph: 'type="sldImg"' }) + shape(p('先停机。') + p('再断电。'), { ph: 'type="body" idx="1"' })
    const { blocks } = await parse(
      { shapes: title('步骤'), notes },
      { shapes: title('Steps'), notes: shape(p('Stop first.'), { ph: 'type="body"' }) },
    )
    expect(blocks.map(({ kind, text, page, headingPath }) => [kind, text, page, headingPath])).toEqual([
      ['heading', '步骤', 1, []],
      ['heading', '备注', 1, ['步骤']],
      ['paragraph', '先停机。', 1, ['步骤', '备注']],
      ['paragraph', '再断电。', 1, ['步骤', '备注']],
      ['heading', 'Steps', 2, []],
      ['heading', 'Notes', 2, ['Steps']],
      ['paragraph', 'Stop first.', 2, ['Steps', 'Notes']],
    ])
  })

  test('reads formulas in their place, in the form for newer programs', async () => {
    const formula = `<mc:AlternateContent><mc:Choice>${shape(`<a:p><a:r><a:t>前</a:t></a:r><a14:m><m:oMath><m:f><m:num><m:r><m:t>x</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></a14:m><a:r><a:t>后</a:t></a:r></a:p>`)}</mc:Choice><mc:Fallback>${shape(p('旧'))}</mc:Fallback></mc:AlternateContent>`
    expect(await texts(formula)).toEqual(['前 x/2 后'])
  })

  test('puts pictures aside on their slide and in their place, a logo of every slide once', async () => {
    const scratchDir = await scratchFolder()
    const logo = { type: 'image', name: 'media/logo.png', content: makePng(90, 90) }
    const plan = { type: 'image', name: 'media/plan.png', content: makePng(90, 90, 7) }
    const bytes = makePptx([
      { shapes: title('一') + picture('', 'rId9'), parts: { rId9: logo } },
      {
        shapes:
          title('二') + picture('水泵的剖面图', 'rId8') + picture('', 'rId9') + shape(p('说明'), { at: [0, 0, 9, 9] }),
        parts: { rId8: plan, rId9: logo },
      },
    ])
    const { blocks, pictures, losses } = await parseBytes(bytes, scratchDir)
    expect(blocks.map(({ kind, text, page }) => [kind, text, page])).toEqual([
      ['heading', '一', 1],
      ['heading', '二', 2],
      ['paragraph', '说明', 2],
      ['caption', '水泵的剖面图', 2],
    ])
    expect(pictures.map(({ page, at, headingPath }) => [page, at, headingPath])).toEqual([
      [1, 1, ['一']],
      [2, 4, ['二']],
    ])
    expect(losses).toEqual([])
  })

  test('says on which slides films, objects and pictures cannot be read', async () => {
    const object = graphic('<p:oleObj progId="Excel.Sheet.12"/>')
    const film = picture('', '', '<a:videoFile r:link="rId3"/>')
    const { losses } = await parse({ shapes: object }, { shapes: film + object }, { shapes: picture('', 'rId7') })
    expect(losses).toEqual([
      { kind: 'object', count: 2, pages: [1, 2], reason: 'embedded objects of another program (Excel.Sheet.12)' },
      { kind: 'object', count: 1, pages: [2], reason: 'films and sounds' },
      { kind: 'image', count: 1, pages: [3], reason: 'pictures that the file refers to but does not hold' },
    ])
  })

  test('reads comments after the slide they are on', async () => {
    const comments = `<p188:cmLst xmlns:p188="x" xmlns:a="a"><p188:cm authorId="7"><p188:txBody>${p('Check this.')}</p188:txBody><p188:replyLst><p188:reply authorId="8"><p188:txBody>${p('已改')}</p188:txBody></p188:reply></p188:replyLst></p188:cm></p188:cmLst>`
    const parts = { rId6: { type: 'comments', name: 'comments/1.xml', content: comments } }
    expect(
      (await parse({ shapes: title('一'), parts, notes: shape(p('说'), { ph: 'type="body"' }) })).blocks.map(
        ({ kind, text }) => [kind, text],
      ),
    ).toEqual([
      ['heading', '一'],
      ['footnote', 'comment: Check this.'],
      ['footnote', '批注：已改'],
      ['heading', '备注'],
      ['paragraph', '说'],
    ])
  })

  test('takes line breaks and escaped characters as such, and leaves the slide number out', async () => {
    const body =
      '<a:p><a:r><a:t>一</a:t></a:r><a:br/><a:r><a:t>二_x000B_三</a:t></a:r><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>'
    expect(await texts(shape(body))).toEqual(['一\n二\n三'])
  })

  test('takes the title and author of the file where the first slide has none, but no title that a program filled in', async () => {
    const slides = [{ shapes: shape(p('文')) }]
    expect(await parseBytes(makePptx(slides, { title: '年度报告', author: '王工' }))).toMatchObject({
      title: '年度报告',
      metadata: { author: '王工' },
    })
    expect((await parseBytes(makePptx(slides, { title: 'PowerPoint 演示文稿' }))).title).toBeNull()
  })

  test('names a presentation whose parts are missing or broken', async () => {
    const parts = pptxParts([{ shapes: title('一') }])
    const without = (name: string) => makeZip(parts.filter((part) => part.name !== name))
    for (const name of ['ppt/presentation.xml', 'ppt/_rels/presentation.xml.rels', 'ppt/slides/slide1.xml']) {
      await expect(parseBytes(without(name))).rejects.toMatchObject({ code: 'file_corrupt' })
    }
    const broken = parts.map((part) =>
      part.name === 'ppt/slides/slide1.xml' ? { ...part, content: '<p:sld><p:cSld>' } : part,
    )
    await expect(parseBytes(makeZip(broken))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
