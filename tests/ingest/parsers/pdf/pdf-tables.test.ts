import { describe, expect, test } from 'vitest'
import { pdfParser } from '../../../../src/ingest/parsers/pdf/pdf.js'
import { parseContext } from '../../../support/parse-context.js'
import { grid, type RawPage, rawPdf, rule, write, writeAll } from '../../fixtures/raw-pdf.js'

async function blocksOf(...pages: RawPage[]) {
  const { blocks } = await pdfParser().parse(rawPdf(pages), parseContext('a.pdf'))
  return blocks.map(({ kind, text, page }) => ({ kind, text, page }))
}

const zh = (text: string, x: number, y: number, size = 10) => write(text, { x, y, size, font: 'chinese' })

describe('tables of pdfParser', () => {
  test('reads merged cells of a ruled table: repeated down the rows, joined in a header of two rows', async () => {
    const content = [
      zh('表 3 离心泵性能参数', 200, 90),
      // 型号 spans two rows, 性能 two columns; IH65 spans two rows of the body.
      ...[100, 200, 300, 400].map((x) => rule([x, x === 300 ? 120 : 100], [x, 200])),
      rule([100, 100], [400, 100]),
      rule([200, 120], [400, 120]),
      rule([100, 140], [400, 140]),
      rule([200, 170], [400, 170]),
      rule([100, 200], [400, 200]),
      zh('型号', 130, 125),
      zh('性能', 290, 114),
      zh('流量', 230, 134),
      zh('扬程', 330, 134),
      zh('泵甲型', 130, 172),
      ...[write('25', { x: 230, y: 158 }), write('32', { x: 330, y: 158 })],
      ...[write('30', { x: 230, y: 188 }), write('28', { x: 330, y: 188 })],
    ]
    expect(await blocksOf({ content })).toEqual([
      { kind: 'caption', text: '表 3 离心泵性能参数', page: 1 },
      { kind: 'table', text: '型号 | 性能 流量 | 性能 扬程\n泵甲型 | 25 | 32\n泵甲型 | 30 | 28', page: 1 },
    ])
  })

  test('joins the lines of a cell and keeps the text around the table in its place', async () => {
    const content = [
      write('Torques are given in the table below.', { x: 60, y: 90 }),
      ...grid([60, 160, 300], [110, 130, 170]),
      ...[write('Bolt', { x: 65, y: 124 }), write('Remark', { x: 165, y: 124 })],
      ...[write('M8', { x: 65, y: 144 }), ...writeAll(['tighten crosswise', 'in two steps'], { x: 165, y: 144 })],
      write('Check them after an hour.', { x: 60, y: 200 }),
    ]
    expect((await blocksOf({ content })).map(({ text }) => text)).toEqual([
      'Torques are given in the table below.',
      'Bolt | Remark\nM8 | tighten crosswise in two steps',
      'Check them after an hour.',
    ])
  })

  test('repeats the header of a table that goes on over the page', async () => {
    const rows = (names: readonly string[], top: number) => [
      ...grid([60, 200, 340], [top, ...names.map((_, index) => top + 20 * (index + 1))]),
      ...names.flatMap((name, index) => {
        const [left = '', right = ''] = name.split('|')
        const y = top + 14 + 20 * index
        return [write(left, { x: 65, y }), write(right, { x: 205, y })]
      }),
    ]
    const first = [
      write('Spare parts are kept in store 4 and handed out by its keeper.', { x: 60, y: 600 }),
      ...rows(['Part|Number', 'Seal|A-17', 'Ring|B-20'], 640),
    ]
    const second = [...rows(['Shaft|C-31', 'Wheel|D-44'], 120), write('Order them a month ahead.', { x: 60, y: 300 })]
    const third = rows(['Part|Number', 'Cover|E-50'], 120)
    expect(await blocksOf({ content: first }, { content: second }, { content: third })).toEqual([
      { kind: 'paragraph', text: 'Spare parts are kept in store 4 and handed out by its keeper.', page: 1 },
      { kind: 'table', text: 'Part | Number\nSeal | A-17\nRing | B-20', page: 1 },
      { kind: 'table', text: 'Part | Number\nShaft | C-31\nWheel | D-44', page: 2 },
      { kind: 'paragraph', text: 'Order them a month ahead.', page: 2 },
      { kind: 'table', text: 'Part | Number\nCover | E-50', page: 3 },
    ])
  })

  test('does not repeat a header that the next page repeats itself', async () => {
    const table = (row: string) => [
      ...grid([60, 200, 340], [120, 140, 160]),
      ...[write('Part', { x: 65, y: 134 }), write('Number', { x: 205, y: 134 })],
      ...[write(row, { x: 65, y: 154 }), write('7', { x: 205, y: 154 })],
    ]
    const texts = (await blocksOf({ content: table('Seal') }, { content: table('Ring') })).map(({ text }) => text)
    expect(texts).toEqual(['Part | Number\nSeal | 7', 'Part | Number\nRing | 7'])
  })

  test('takes lines of text for rows where only the columns are ruled, and closes a table open at its sides', async () => {
    const content = [
      ...[100, 120, 200].map((y) => rule([60, y], [300, y])),
      rule([180, 100], [180, 200]),
      ...writeAll(['Code', 'E-01', 'E-02', 'E-03'], { x: 70, y: 114 }, 22),
      ...writeAll(['Meaning', 'overheated', 'dry run', 'no phase'], { x: 190, y: 114 }, 22),
    ]
    expect(await blocksOf({ content })).toEqual([
      { kind: 'table', text: 'Code | Meaning\nE-01 | overheated\nE-02 | dry run\nE-03 | no phase', page: 1 },
    ])
  })

  test('parts words of one run that stand in neighbouring cells', async () => {
    const content = [
      ...grid([60, 100, 140], [100, 120, 140]),
      write('Size Load', { x: 78, y: 114 }),
      write('DN50 16', { x: 72, y: 134, size: 10 }),
    ]
    expect((await blocksOf({ content }))[0]?.text).toBe('Size | Load\nDN50 | 16')
  })

  test('takes a row across the table above its columns for its caption, and frames around prose for no table', async () => {
    const content = [
      ...grid([60, 300], [100, 120]),
      ...grid([60, 180, 300], [120, 140, 160]),
      write('Table 2. Limits of operation', { x: 65, y: 114 }),
      ...[write('Name', { x: 65, y: 134 }), write('Limit', { x: 185, y: 134 })],
      ...[write('Heat', { x: 65, y: 154 }), write('90', { x: 185, y: 154 })],
      ...grid([60, 300], [300, 340]),
      write('A frame around one sentence.', { x: 65, y: 320 }),
    ]
    expect(await blocksOf({ content })).toEqual([
      { kind: 'caption', text: 'Table 2. Limits of operation', page: 1 },
      { kind: 'table', text: 'Name | Limit\nHeat | 90', page: 1 },
      { kind: 'paragraph', text: 'A frame around one sentence.', page: 1 },
    ])
  })

  test('reads a heading in the margin before the paragraph beside it, not line by line with it', async () => {
    const content = [
      ...writeAll(['4.1', 'Before the start'], { x: 60, y: 120, font: 'small' }),
      ...writeAll(
        [
          'The operator checks the oil level and the suction pressure before the pump is',
          'started, and opens the valve of the suction line as far as it goes, and then',
          'waits until no more air leaves the vent.',
        ],
        { x: 180, y: 120 },
      ),
    ]
    const blocks = await blocksOf({ content })
    expect(blocks.at(-1)?.text).toBe(
      'The operator checks the oil level and the suction pressure before the pump is started, and opens the valve of the suction line as far as it goes, and then waits until no more air leaves the vent.',
    )
    expect(blocks.map(({ text }) => text).join(' ')).toMatch(/^4\.1 Before the start The operator/)
  })
})
