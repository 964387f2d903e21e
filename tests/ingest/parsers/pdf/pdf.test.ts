import { describe, expect, test } from 'vitest'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { makePdf, writeLines } from '../../fixtures/pdf.js'

const parse = (bytes: Uint8Array) => pdfParser().parse(bytes, parseContext('a.pdf'))

const prose = [
  'The pump is started from the control room after the operator has checked',
  'the oil level, the suction pressure and the posi-',
  'tion of the discharge valve.',
]

describe('pdfParser', () => {
  test('keeps pages, headings by size and joins wrapped lines', async () => {
    const bytes = await makePdf(
      (pdf) => {
        writeLines(pdf, ['Operating Manual'], { y: 110, size: 20 })
        writeLines(pdf, ['Starting the pump'], { y: 150, size: 14 })
        writeLines(pdf, prose, { y: 180 })
        pdf.addPage()
        writeLines(pdf, ['Second page text stands alone here.'], { y: 180 })
      },
      { title: 'P-101 manual' },
    )
    const { blocks, pageCount, title, warnings } = await parse(bytes)
    expect({ pageCount, title, warnings }).toEqual({ pageCount: 2, title: 'P-101 manual', warnings: [] })
    expect(blocks.map(({ bbox, ...block }) => block)).toEqual([
      { kind: 'heading', text: 'Operating Manual', page: 1, headingPath: [], level: 1 },
      { kind: 'heading', text: 'Starting the pump', page: 1, headingPath: ['Operating Manual'], level: 2 },
      {
        kind: 'paragraph',
        text: 'The pump is started from the control room after the operator has checked the oil level, the suction pressure and the position of the discharge valve.',
        page: 1,
        headingPath: ['Operating Manual', 'Starting the pump'],
      },
      {
        kind: 'paragraph',
        text: 'Second page text stands alone here.',
        page: 2,
        headingPath: ['Operating Manual', 'Starting the pump'],
      },
    ])
  })

  test('says of each block where it stands', async () => {
    const bytes = await makePdf((pdf) => writeLines(pdf, prose, { x: 60, y: 180 }))
    const [block] = (await parse(bytes)).blocks
    // pdfkit's y is the upper end of the letters; three lines of 14 points.
    expect(block?.bbox).toMatchObject({ x: 60, y: expect.closeTo(178.4, 0), height: expect.closeTo(39, 0) })
    expect(block?.bbox?.width).toBeGreaterThan(290)
    expect(block?.bbox?.width).toBeLessThan(340)
  })

  test('removes running heads and page numbers', async () => {
    const bytes = await makePdf((pdf) => {
      for (let page = 1; page <= 4; page += 1) {
        if (page > 1) pdf.addPage()
        writeLines(pdf, ['ACME Internal Manual'], { y: 60 })
        writeLines(pdf, [`Body text of page number ${page} is here.`], { y: 300 })
        writeLines(pdf, [`Page ${page} of 4`], { y: 770 })
      }
    })
    const { blocks } = await parse(bytes)
    expect(blocks.map((block) => block.text)).toEqual(
      [1, 2, 3, 4].map((page) => `Body text of page number ${page} is here.`),
    )
  })

  test('reads two columns one after the other, and a title across both first', async () => {
    const column = (name: string) =>
      Array.from({ length: 10 }, (_, index) => `${name}${index} words that fill the column of text`)
    const bytes = await makePdf((pdf) => {
      writeLines(pdf, ['A title that spans both columns of this page and then some more'], { y: 120, size: 16 })
      writeLines(pdf, column('left'), { x: 50, y: 180 })
      writeLines(pdf, column('right'), { x: 310, y: 180 })
    })
    const text = (await parse(bytes)).blocks.map((block) => block.text).join(' ')
    expect(text.indexOf('A title')).toBe(0)
    expect(text.indexOf('left9')).toBeLessThan(text.indexOf('right0'))
    expect(text.indexOf('left9')).toBeGreaterThan(0)
  })

  test('keeps rows that align in columns as a table', async () => {
    const bytes = await makePdf((pdf) => {
      writeLines(pdf, ['The parts are listed below with their intervals in hours.'], { y: 120 })
      writeLines(pdf, ['Part', 'Filter', 'Seal', 'Bearing'], { x: 60, y: 160 })
      writeLines(pdf, ['Interval', '500', '2000', '8000'], { x: 260, y: 160 })
    })
    const { blocks } = await parse(bytes)
    expect(blocks[1]).toMatchObject({
      kind: 'table',
      text: 'Part | Interval\nFilter | 500\nSeal | 2000\nBearing | 8000',
    })
  })

  test('reads a page that is turned sideways', async () => {
    const bytes = await makePdf((pdf) => {
      pdf.rotate(90, { origin: [300, 400] })
      writeLines(pdf, prose, { x: 100, y: 400 })
    })
    expect((await parse(bytes)).blocks[0]?.text).toMatch(/^The pump is started.*discharge valve\.$/)
  })

  test('takes the outline for headings', async () => {
    const bytes = await makePdf((pdf) => {
      pdf.outline.addItem('Maintenance').addItem('Seal change')
      writeLines(pdf, ['Maintenance', 'Seal change'], { y: 150, leading: 30 })
      writeLines(pdf, prose, { y: 220 })
    })
    expect((await parse(bytes)).blocks[2]?.headingPath).toEqual(['Maintenance', 'Seal change'])
  })

  test('takes a short line in a font of its own for a heading', async () => {
    const bytes = await makePdf((pdf) => {
      writeLines(pdf, prose, { y: 150 })
      writeLines(pdf, ['Stopping the pump'], { y: 210, font: 'Helvetica-Bold' })
      writeLines(pdf, [...prose, ...prose, ...prose], { y: 225 })
    })
    const { blocks } = await parse(bytes)
    expect(blocks[1]).toMatchObject({ kind: 'heading', text: 'Stopping the pump', level: 4 })
  })

  test('names a damaged file with a remedy', async () => {
    await expect(parse(Buffer.from('%PDF-1.4\nnothing else'))).rejects.toMatchObject({
      code: 'file_corrupt',
      remedy: expect.stringContaining('again'),
    })
  })
})
