import { describe, expect, test } from 'vitest'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { picture, type RawPage, rawPdf, rule, write, writeAll } from '../../fixtures/raw-pdf.js'

async function parse(...pages: RawPage[]) {
  return (await pdfParser().parse(rawPdf(pages), parseContext('a.pdf'))).blocks
}

const textsOf = async (...pages: RawPage[]) => (await parse(...pages)).map(({ text }) => text)
const zh = (text: string, x: number, y: number, size = 10) => write(text, { x, y, size, font: 'chinese' })

const column = (name: string, lines: number) =>
  Array.from({ length: lines }, (_, index) => `${name}${index} words that fill this column of text`)

describe('reading order of pdfParser', () => {
  test('reads two columns above a caption across the page, and then the two below it', async () => {
    const content = [
      ...writeAll(column('a', 8), { x: 60, y: 100 }),
      ...writeAll(column('b', 8), { x: 320, y: 100 }),
      picture({ x: 60, y: 230, width: 460, height: 100 }),
      write('Figure 2: The pump and its pipes as they are set up in the plant, seen from above', { x: 60, y: 350 }),
      ...writeAll(column('c', 8), { x: 60, y: 390 }),
      ...writeAll(column('d', 8), { x: 320, y: 390 }),
    ]
    const blocks = await parse({ content })
    expect(blocks.find(({ kind }) => kind === 'caption')?.text).toBe(
      'Figure 2: The pump and its pipes as they are set up in the plant, seen from above',
    )
    const text = blocks.map((block) => block.text).join(' ')
    const places = ['a0', 'a7', 'b0', 'b7', 'Figure 2', 'c0', 'c7', 'd0', 'd7'].map((word) => text.indexOf(word))
    expect(places).toEqual([...places].sort((one, other) => one - other))
    expect(places[0]).toBe(0)
  })

  test('reads three columns', async () => {
    const narrow = (name: string) => column(name, 9).map((line) => line.slice(0, 28))
    const content = [50, 230, 410].flatMap((x, index) => writeAll(narrow('abc'.charAt(index)), { x, y: 100 }))
    const text = (await textsOf({ content })).join(' ')
    const places = ['a0', 'a8', 'b0', 'b8', 'c0', 'c8'].map((word) => text.indexOf(word))
    expect(places).toEqual([...places].sort((one, other) => one - other))
  })

  test('sets footnotes after the page, so that a sentence goes on in the next column', async () => {
    const content = [
      ...writeAll([...column('left', 9), 'and this sentence goes on'], { x: 60, y: 560 }),
      rule([60, 710], [130, 710]),
      write('1 See the standard of 2019.', { x: 60, y: 722, size: 8 }),
      write('2 Measured at 20 degrees.', { x: 60, y: 734, size: 8 }),
      ...writeAll(['in the other column of it.', ...column('right', 9)], { x: 320, y: 560 }),
    ]
    const blocks = await parse({ content })
    expect(blocks.map(({ text }) => text).join('\n')).toContain('this sentence goes on in the other column of it.')
    expect(blocks.slice(-2).map(({ kind, text }) => ({ kind, text }))).toEqual([
      { kind: 'footnote', text: '1 See the standard of 2019.' },
      { kind: 'footnote', text: '2 Measured at 20 degrees.' },
    ])
  })

  test('knows a Chinese footnote by its mark and its smaller type', async () => {
    const content = [
      zh('离心泵在启动前应当检查润滑油的油位。', 60, 560),
      zh('检查之后方可合上电源开关①。', 60, 574),
      zh('① 电源开关位于控制柜内。', 60, 740, 8),
    ]
    expect((await parse({ content })).map(({ kind, text }) => ({ kind, text }))).toEqual([
      { kind: 'paragraph', text: '离心泵在启动前应当检查润滑油的油位。检查之后方可合上电源开关①。' },
      { kind: 'footnote', text: '① 电源开关位于控制柜内。' },
    ])
  })

  test('reads vertical writing from right to left', async () => {
    const down = (text: string, x: number) => write(text, { x, y: 100, font: 'vertical', size: 12 })
    const content = [
      down('ポンプを始動する前に油の', 500),
      down('量を確かめること。', 480),
      down('次に弁を開く。', 430),
    ]
    const blocks = await parse({ content })
    expect(blocks.map(({ text }) => text)).toEqual(['ポンプを始動する前に油の量を確かめること。', '次に弁を開く。'])
    expect(blocks[1]?.bbox).toMatchObject({ y: 100, height: 84 })
    expect(blocks[1]?.bbox?.x).toBeGreaterThan(415)
    expect(blocks[1]?.bbox?.x).toBeLessThan(430)
  })

  test('places the text of a page that the viewer turns where it is seen', async () => {
    // The page lies on its side: 842 wide, and its upper edge is the left edge of the paper.
    const content = ['q 0 1 -1 0 595 0 cm', 'BT /latin 10 Tf 1 0 0 1 100 500 Tm (Read me upright) Tj ET', 'Q']
    const [block] = await parse({ content, rotate: 90 })
    expect(block?.text).toBe('Read me upright')
    expect(block?.bbox).toMatchObject({ x: 100, y: expect.closeTo(86.2, 1), height: expect.closeTo(11, 0) })
  })

  test('places text that runs up the page where it is seen', async () => {
    const content = ['BT /latin 10 Tf 0 1 -1 0 200 300 Tm (All of this page runs upwards) Tj ET']
    const [block] = await parse({ content })
    const { x = 0, y = 0, width = 0, height = 0 } = block?.bbox ?? {}
    expect({ x, bottom: y + height, width }).toEqual({
      x: expect.closeTo(191.2, 1),
      bottom: expect.closeTo(542, 1),
      width: expect.closeTo(11, 0),
    })
  })

  test('joins words parted by a hyphen, and keeps the hyphens that belong to them', async () => {
    const lines = [
      'A well-known rule for the plant says that the posi-',
      'tion of the valve is noted, and that each e-',
      'mail about it is kept in the state-of-the-',
      'art archive of the well-',
      'known firm, for the Anglo-',
      'Saxon branch as well.',
    ]
    expect(await textsOf({ content: writeAll(lines, { x: 60, y: 100 }) })).toEqual([
      'A well-known rule for the plant says that the position of the valve is noted, and that each e-mail about it is kept in the state-of-the-art archive of the well-known firm, for the Anglo-Saxon branch as well.',
    ])
  })

  test('takes a soft hyphen at the end of a line out', async () => {
    const content = ['BT /latin 10 Tf 1 0 0 1 60 700 Tm (the posi\\255) Tj 0 -14 Td (tion of the valve) Tj ET']
    expect(await textsOf({ content })).toEqual(['the position of the valve'])
  })

  test('goes on with a paragraph beside a picture, whose lines are all short', async () => {
    const wide = '离心泵在启动前应当检查润滑油的油位并确认出口阀门已经关闭此后方可合上电源开关'
    const narrow = [
      '并且在运行之中每隔一个小时记',
      '录一次轴承的温度和出口的压力',
      '如果温度超过规定的数值就应当',
      '立即停机并且报告当班的负责人',
    ]
    const content = [
      zh(wide, 60, 100),
      ...narrow.map((line, index) => zh(line, 60, 114 + index * 14)),
      zh(wide, 60, 170),
    ]
    expect(await textsOf({ content })).toEqual([`${wide}${narrow.join('')}${wide}`])
  })

  test('removes the page numbers of Chinese pages and Roman ones', async () => {
    const page = (number: string, text: string) => ({ content: [zh(text, 60, 300), zh(number, 280, 800)] })
    expect(
      await textsOf(
        page('第 3 页 共 20 页', '检查油位。'),
        page('共20页，第4页', '关闭阀门。'),
        page('- 5 -', '合上开关。'),
        page('xvii', '记录压力。'),
        page('第二十页', '报告结果。'),
      ),
    ).toEqual(['检查油位。', '关闭阀门。', '合上开关。', '记录压力。', '报告结果。'])
  })

  test('removes the heads of left and right pages, also where the page has columns', async () => {
    const pages = Array.from({ length: 8 }, (_, index) => {
      const head = index % 2 === 0 ? 'Part Two' : 'ACME Handbook'
      const body = [...writeAll(column('l', 8), { x: 60, y: 130 }), ...writeAll(column('r', 8), { x: 320, y: 130 })]
      return { content: [write(head, { x: 60, y: 50 }), write(`page ${index + 1}`, { x: 480, y: 50 }), ...body] }
    })
    const text = (await textsOf(...pages)).join(' ')
    expect(text).not.toMatch(/Part Two|ACME|page/)
    expect(text.match(/l0 /g)).toHaveLength(8)
  })

  test('leaves the title of a short document where its pages repeat it', async () => {
    const page = (text: string) => ({
      content: [write('Invoice 17', { x: 60, y: 60, size: 16 }), write(text, { x: 60, y: 300 })],
    })
    expect(await textsOf(page('First copy.'), page('Second copy.'))).toEqual([
      'Invoice 17',
      'First copy.',
      'Second copy.',
    ])
  })
})
