import { describe, expect, test } from 'vitest'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { picture, type RawPage, rawHeight, rawPdf, rawWidth, write, writeAll } from '../../fixtures/raw-pdf.js'

const parse = (...pages: RawPage[]) => pdfParser().parse(rawPdf(pages), parseContext('a.pdf'))

const lastPage = 'the file is damaged: this page and any after it could not be read'
const wholePage = picture({ x: 0, y: 0, width: rawWidth, height: rawHeight })
const prose = [
  'The pump is started from the control room after the operator has checked',
  'the oil level, the suction pressure and the position of the valve.',
]
const good = { content: writeAll(prose, { x: 60, y: 200 }) }

describe('pictures and losses of pdfParser', () => {
  test('hands over a page that is only a picture, at its place between the others', async () => {
    const heading = write('Operation', { x: 60, y: 160, size: 18 })
    const { blocks, pictures, losses, pageCount } = await parse(
      { content: [heading, ...good.content] },
      { content: [wholePage] },
      good,
    )
    expect(blocks.map((block) => block.page)).toEqual([1, 1, 3])
    expect(pictures).toEqual([
      { source: { kind: 'page', page: 2 }, page: 2, headingPath: ['Operation'], at: 2, replaces: 0 },
    ])
    expect({ losses, pageCount }).toEqual({ losses: [], pageCount: 3 })
  })

  test('takes a blank page, and one with a few lines on it, for nothing', async () => {
    const { pictures, losses, warnings } = await parse(
      good,
      { content: [] },
      { content: ['0 0 0 RG 60 60 m 500 60 l S'] },
    )
    expect({ pictures, losses, warnings }).toEqual({ pictures: [], losses: [], warnings: [] })
  })

  test('hands over a page whose letters are drawn as outlines', async () => {
    const letter = (x: number) => `${x} 700 m ${x + 2} 708 l ${x + 4} 700 l ${x + 3} 703 l ${x + 1} 703 l h f`
    const { pictures } = await parse({ content: Array.from({ length: 90 }, (_, index) => letter(50 + index * 5)) })
    expect(pictures.map((one) => one.page)).toEqual([1])
  })

  test('hands over a scan with a page number and a stamp, in place of these', async () => {
    const scan = { content: [wholePage, write('12', { x: 290, y: 810 }), write('COPY', { x: 60, y: 100 })] }
    const { blocks, pictures } = await parse(good, scan)
    expect(blocks.map(({ text, page }) => ({ text, page })).slice(1)).toEqual([{ text: 'COPY', page: 2 }])
    expect(pictures).toMatchObject([{ page: 2, at: 1, replaces: 1 }])
  })

  test('hands over a page whose fonts say wrong characters, without taking its text for headings', async () => {
    const garbled = [write('Operating Manual', { x: 60, y: 120, size: 20, font: 'broken' })]
    const body = writeAll(prose, { x: 60, y: 200, font: 'broken' })
    const { blocks, pictures } = await parse({ content: [...garbled, ...body] }, good)
    expect(pictures).toMatchObject([{ page: 1, at: 0, replaces: 1, headingPath: [] }])
    expect(blocks.map(({ kind, page, headingPath }) => ({ kind, page, headingPath }))).toEqual([
      { kind: 'paragraph', page: 1, headingPath: [] },
      { kind: 'paragraph', page: 2, headingPath: [] },
    ])
  })

  test('trusts the hidden text of a scan when it reads well, and not when it does not', async () => {
    const hidden = (lines: readonly string[]) => ({
      content: [wholePage, ...writeAll(lines, { x: 60, y: 200, mode: 3 })],
    })
    expect((await parse(hidden(prose))).pictures).toEqual([])
    const poor = [
      't h e p u m p ls st»rted fr*m t h e c n t r o l',
      'room «fter t h e opr3tor h a s ch;cked t h e v l v e',
    ]
    expect((await parse(hidden(poor))).pictures).toMatchObject([{ page: 1, at: 0, replaces: 1 }])
  })

  test('tells of large pictures beside good text, not of small ones and backgrounds', async () => {
    const beside = (width: number, height: number) => ({
      content: [picture({ x: 60, y: 300, width, height }), ...good.content],
    })
    const { losses, pictures } = await parse(beside(400, 300), beside(100, 80), beside(420, 280), {
      content: [wholePage, ...good.content],
    })
    expect(pictures).toEqual([])
    expect(losses).toEqual([
      { kind: 'image', count: 2, pages: [1, 3], reason: 'large pictures may hold text that was not read' },
    ])
  })

  test('names a page that cannot be read, after which pdf.js may find no others', async () => {
    const bytes = rawPdf([good, good, good])
    const text = Buffer.from(bytes).toString('latin1')
    const damaged = text.replace(/(?<=\n8 0 obj\n)<<.*>>/, (page) => `(${' '.repeat(page.length - 2)})`)
    const { blocks, losses } = await pdfParser().parse(Buffer.from(damaged, 'latin1'), parseContext('a.pdf'))
    expect(blocks.map((block) => block.page)).toEqual([1])
    expect(losses).toEqual([{ kind: 'page', count: 1, pages: [2], reason: lastPage }])
  })
})
