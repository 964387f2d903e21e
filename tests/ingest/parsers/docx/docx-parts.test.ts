import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { docxParser } from '../../../../src/ingest/parsers/docx/docx.js'
import { parseContext } from '../../../support/parse-context.js'
import { makePng } from '../../fixtures/picture.js'
import { scratchFolder } from '../../fixtures/scratch.js'
import {
  list,
  listed,
  makeWord,
  num,
  p,
  pictureRun,
  r,
  style,
  styled,
  tbl,
  tc,
  tr,
  wordParts,
} from '../../fixtures/word.js'
import { makeZip } from '../../fixtures/zip.js'

const parse = (bytes: Uint8Array, scratchDir = '/nowhere') =>
  docxParser().parse(bytes, parseContext('a.docx', { scratchDir }))
const blocksOf = async (...source: Parameters<typeof makeWord>) =>
  (await parse(makeWord(...source))).blocks.map(({ kind, text }) => [kind, text])
const textsOf = async (...source: Parameters<typeof makeWord>) => (await blocksOf(...source)).map(([, text]) => text)

describe('docxParser, text', () => {
  test('writes the numbers that Word gives to headings and lists', async () => {
    const styles =
      style('1', 'heading 1', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>') +
      style('2', 'heading 2', '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>')
    const numbering =
      list(0, [
        ['chineseCounting', '第%1章'],
        ['decimal', '%1.%2'],
      ]).replace('chineseCounting', 'decimal') +
      list(1, [
        ['lowerLetter', '(%1)'],
        ['bullet', ''],
      ]) +
      num(1, 0) +
      num(2, 1) +
      num(3, 1, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    const body =
      styled('总则', '1') +
      styled('范围', '2') +
      styled('术语', '2') +
      styled('检查', '1') +
      styled('周期', '2') +
      listed('停机', 2) +
      listed('断电', 2, 1) +
      p('') +
      listed('挂牌', 2) +
      p('另起') +
      listed('复位', 3)
    expect(await blocksOf(body, { styles, numbering })).toEqual([
      ['heading', '第1章 总则'],
      ['heading', '1.1 范围'],
      ['heading', '1.2 术语'],
      ['heading', '第2章 检查'],
      ['heading', '2.1 周期'],
      ['list', '(a) 停机\n  - 断电\n(b) 挂牌'],
      ['paragraph', '另起'],
      ['list', '(a) 复位'],
    ])
  })

  test('takes a paragraph for a heading by the number that Word writes, where no style says so', async () => {
    const numbering = list(0, [['chineseCounting', '%1、']]) + num(1, 0)
    expect(
      await blocksOf(listed('任务来源', 1) + p('正文在此。') + listed('编制过程', 1) + p('正文。'), { numbering }),
    ).toEqual([
      ['heading', '一、任务来源'],
      ['paragraph', '正文在此。'],
      ['heading', '二、编制过程'],
      ['paragraph', '正文。'],
    ])
  })

  test('reads what was inserted, not what was deleted, moved away or hidden', async () => {
    const body = p(
      `${r('保留')}<w:ins>${r('插入')}</w:ins><w:del><w:r><w:delText>删除</w:delText></w:r></w:del><w:moveFrom>${r('移走')}</w:moveFrom>${r('隐藏', '<w:vanish/>')}${r('可见', '<w:vanish w:val="0"/>')}`,
    )
    expect(await textsOf(body)).toEqual(['保留插入可见'])
  })

  test('reads notes after the paragraph that refers to them, and comments with their author', async () => {
    const body =
      p(
        `${r('压力')}<w:r><w:footnoteReference w:id="7"/></w:r>${r('不得超过')}<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>`,
      ) + p('下一段')
    const footnotes = `<w:footnote w:type="separator" w:id="-1">${p('———')}</w:footnote><w:footnote w:id="7">${p('见附录。')}</w:footnote>`
    const endnotes = `<w:endnote w:id="2">${p('See B.')}</w:endnote>`
    const comments = `<w:comment w:id="0" w:author="Lee">${p('Check this.')}</w:comment>`
    expect(await blocksOf(body, { footnotes, endnotes, comments })).toEqual([
      ['paragraph', '压力[1]不得超过[i]'],
      ['footnote', '[1] 见附录。'],
      ['footnote', '[i] See B.'],
      ['footnote', 'comment by Lee: Check this.'],
      ['paragraph', '下一段'],
    ])
  })

  test('reads formulas in their place', async () => {
    const t = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`
    const formula = `<m:oMath>${t('sinθ=')}<m:f><m:num>${t('mλ')}</m:num><m:den>${t('a')}</m:den></m:f></m:oMath>`
    const { blocks, losses } = await parse(
      makeWord(p(`${r('由 ')}${formula}${r(' 得')}`) + p(`<m:oMathPara>${formula}</m:oMathPara>`)),
    )
    expect(blocks.map(({ text }) => text)).toEqual(['由 sinθ = mλ/a 得', 'sinθ = mλ/a'])
    expect(losses).toEqual([])
  })

  test('reads text boxes, and neither twice where the file offers an older form', async () => {
    const box = `<w:txbxContent>${p('框内一')}${p('框内二')}</w:txbxContent>`
    const body = p(
      `${r('外')}<w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>${box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>${box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>`,
    )
    expect(await textsOf(body)).toEqual(['外', '框内一', '框内二'])
  })

  test('keeps code, captions and control characters, and leaves lists of contents out', async () => {
    const styles = style('C', 'Source Code') + style('K', 'caption') + style('T', 'toc 1')
    const body =
      styled('1 总则 3', 'T') +
      `<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>${p('目录 5')}</w:sdtContent></w:sdt>` +
      styled('if (x) {', 'C') +
      styled('  stop()', 'C') +
      styled('图 1 泵', 'K') +
      p(
        '<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:noBreakHyphen/><w:t>四</w:t><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
      )
    expect(await blocksOf(body, { styles })).toEqual([
      ['code', 'if (x) {\n  stop()'],
      ['caption', '图 1 泵'],
      ['paragraph', '一 二\n三-四☑'],
    ])
  })

  test('reads headers only where nothing else is there', async () => {
    expect(await textsOf(p('正文'), { header: p('机密') })).toEqual(['正文'])
    expect(await textsOf(p(''), { header: p('机密') })).toEqual(['机密'])
  })

  test('takes the title from its style, then from the file, then from the first heading', async () => {
    const styles = style('T', 'Title') + style('1', 'heading 1')
    const titleOf = async (...source: Parameters<typeof makeWord>) => (await parse(makeWord(...source))).title
    const both = styled('水泵手册', 'T') + styled('总则', '1')
    expect(await titleOf(both, { styles, title: '年度报告' })).toBe('水泵手册')
    expect(await titleOf(styled('总则', '1'), { styles, title: '年度报告' })).toBe('年度报告')
    expect(await titleOf(styled('总则', '1'), { styles, title: 'Microsoft Word - a.doc' })).toBe('总则')
  })
})

describe('docxParser, tables', () => {
  test('repeats merged cells and joins a header of two rows', async () => {
    const wide = '<w:gridSpan w:val="2"/>'
    const starts = '<w:vMerge w:val="restart"/>'
    const body = tbl(
      tr(tc(p('区域'), starts), tc(p('产量'), wide)),
      tr(tc(p(''), '<w:vMerge/>'), tc(p('上半年')), tc(p('下半年'))),
      tr(tc(p('华东'), starts), tc(p('1')), tc(p('2'))),
      tr(tc(p(''), '<w:vMerge/>'), tc(p('3')), tc(p('4'))),
    )
    expect(await textsOf(body)).toEqual(['区域 | 产量 上半年 | 产量 下半年\n华东 | 1 | 2\n华东 | 3 | 4'])
  })

  test('reads the paragraph before a table as its caption, with nested tables after the outer one', async () => {
    const inner = tbl(tr(tc(p('x')), tc(p('y'))), tr(tc(p('1')), tc(p('2'))))
    const body =
      p('表 3-1 螺栓的拧紧力矩') +
      tbl(tr(tc(p('规格')), tc(p('力矩'))), tr(tc(p('M8')), tc(`${p('25')}${inner}${p('N·m')}`)))
    expect(await blocksOf(body)).toEqual([
      ['caption', '表 3-1 螺栓的拧紧力矩'],
      ['table', '规格 | 力矩\nM8 | 25 N·m'],
      ['table', 'x | y\n1 | 2'],
    ])
  })

  test('reads a table of one column as what it frames, and numbers the rows that Word numbers', async () => {
    const numbering = list(0, [['decimal', '%1']]) + num(1, 0)
    expect(await blocksOf(tbl(tr(tc(p('封面') + p('编号 A'))), tr(tc(p('二〇二六年')))))).toEqual([
      ['paragraph', '封面'],
      ['paragraph', '编号 A'],
      ['paragraph', '二〇二六年'],
    ])
    const rows = ['泵', '阀'].map((name) => tr(tc(listed('<w:r><w:t>号</w:t></w:r>', 1)), tc(p(name))))
    expect(await textsOf(tbl(tr(tc(p('序号')), tc(p('名称'))), ...rows), { numbering })).toEqual([
      '序号 | 名称\n1 号 | 泵\n2 号 | 阀',
    ])
  })
})

describe('docxParser, pictures and objects', () => {
  const png = (name: string, content: Uint8Array | string) => ({ type: 'image', name: `media/${name}`, content })

  test('puts pictures aside where they stand, the same one once, and none that is too small', async () => {
    const big = makePng(80, 60)
    const parts = { p1: png('1.png', big), p2: png('2.png', makePng(80, 49)), p3: png('3.png', big) }
    const styles = style('1', 'heading 1')
    const scratchDir = await scratchFolder()
    const body =
      styled('剖面', '1') +
      p(`${r('如图')}${pictureRun('p1', '水泵的剖面图')}${pictureRun('p2')}`) +
      p('后文') +
      p(pictureRun('p3'))
    const { blocks, pictures, losses } = await parse(makeWord(body, { styles, parts }), scratchDir)
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['heading', '剖面'],
      ['paragraph', '如图'],
      ['caption', '水泵的剖面图'],
      ['paragraph', '后文'],
    ])
    expect(pictures).toEqual([
      {
        source: { kind: 'file', path: expect.stringContaining(scratchDir) },
        page: null,
        headingPath: ['剖面'],
        at: 3,
        replaces: 0,
      },
    ])
    const [picture] = pictures
    expect(picture?.source.kind === 'file' && (await readFile(picture.source.path)).equals(big)).toBe(true)
    expect(losses).toEqual([])
  })

  test('says what cannot be shown: drawings, linked pictures, objects and old formulas', async () => {
    const object = (program: string) =>
      `<w:r><w:object><v:shape><v:imagedata r:id="e1"/></v:shape><o:OLEObject ProgID="${program}"/></w:object></w:r>`
    const parts = { e1: png('1.emf', 'x'), e2: png('2.emf', 'y') }
    const body = p(
      `${r('文')}${pictureRun('e2')}${pictureRun('gone')}${object('Equation.DSMT4')}${object('Excel.Sheet.12')}`,
    )
    const { losses, pictures } = await parse(makeWord(body, { parts }))
    expect(pictures).toEqual([])
    expect(losses.map(({ kind, count, reason }) => [kind, count, reason])).toEqual([
      ['formula', 1, 'formulas of an old equation editor'],
      ['object', 1, 'embedded objects of another program (Excel.Sheet.12)'],
      ['image', 1, 'EMF pictures, a format that cannot be recognised'],
      ['image', 1, 'pictures that the file refers to but does not hold'],
    ])
  })

  test('reads a chart as a table, and counts one without values', async () => {
    const frame = (id: string) =>
      p(
        `<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart r:id="${id}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
      )
    const cache = (values: string) =>
      `<c:numRef><c:numCache><c:pt idx="0"><c:v>${values}</c:v></c:pt></c:numCache></c:numRef>`
    const chart = (series: string) =>
      `<c:chartSpace xmlns:c="c"><c:chart><c:plotArea><c:barChart>${series}</c:barChart></c:plotArea></c:chart></c:chartSpace>`
    const parts = {
      c1: { type: 'chart', name: 'charts/1.xml', content: chart(`<c:ser><c:val>${cache('7')}</c:val></c:ser>`) },
      c2: { type: 'chart', name: 'charts/2.xml', content: chart('<c:ser/>') },
    }
    const { blocks, losses } = await parse(makeWord(frame('c1') + frame('c2'), { parts }))
    expect(blocks.map(({ text }) => text)).toEqual(['1 | 7'])
    expect(losses).toEqual([{ kind: 'object', count: 1, pages: [], reason: 'charts without saved values' }])
  })

  test('reads on where a part beside the text is damaged', async () => {
    const parts = wordParts(p('正文'), { styles: '', footnotes: '' })
    const broken = parts.map((part) => (part.name === 'word/styles.xml' ? { ...part, content: '<w:styles>' } : part))
    const { blocks, losses } = await parse(makeZip(broken))
    expect(blocks.map(({ text }) => text)).toEqual(['正文'])
    expect(losses).toEqual([{ kind: 'object', count: 1, pages: [], reason: 'parts of the file that are damaged' }])
  })
})
