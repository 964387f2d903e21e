import { describe, expect, test } from 'vitest'
import { csvParser } from '../../../src/ingest/parsers/csv.js'
import { parseContext } from '../../support/parse-context.js'

const parse = (source: string) => csvParser().parse(Buffer.from(source), parseContext('a.csv'))

describe('csvParser', () => {
  test('repeats the header in every block of rows', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `泵 ${index},${index}`)
    const { blocks } = await parse(`名称,编号\n${lines.join('\n')}\n`)
    expect(blocks.map((block) => block.kind)).toEqual(['table', 'table'])
    expect(blocks[1]?.text).toMatch(/^名称 \| 编号\n泵 20 \| 20\n/)
  })

  test('reads quoted cells, other delimiters and line breaks inside cells', async () => {
    const { blocks } = await parse('name;note\nP-101;"first\nsecond; third"\nP-102;ok\n')
    expect(blocks[0]?.text).toBe('name | note\nP-101 | first second; third\nP-102 | ok')
  })

  test('takes a title above the header for a paragraph', async () => {
    const { blocks } = await parse('Stanley Cups,,\nTeam,Location,Cups\nBlues,STL,1\n')
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', 'Stanley Cups'],
      ['table', 'Team | Location | Cups\nBlues | STL | 1'],
    ])
  })

  test('repeats nothing where the first row is data', async () => {
    const { blocks } = await parse(Array.from({ length: 25 }, (_, index) => `${index},${index * 2}`).join('\n'))
    expect(blocks[1]?.text).toMatch(/^20 \| 40/)
  })

  test('goes on behind a quote that is not closed, and says so', async () => {
    const { blocks, warnings } = await parse('size,note\n1,"a, b"\n2,5" pipe\n3,"open\n4,last\n')
    expect(warnings).toEqual([expect.stringContaining('quote')])
    expect(blocks[0]?.text).toContain('1 | a, b')
    expect(blocks[0]?.text).toMatch(/3 \| "open\n4 \| last$/)
  })

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('finds out that %s part the cells, whatever stands in them', async (_, delimiter) => {
    const rows = [
      ['名称', '说明', '数量'],
      ['泵', '流量, 扬程, 功率', '1,5'],
      ['阀', '通径, 压力', '2,0'],
    ]
    const { blocks } = await parse(rows.map((row) => row.join(delimiter)).join('\r\n'))
    expect(blocks[0]?.text).toBe('名称 | 说明 | 数量\n泵 | 流量, 扬程, 功率 | 1,5\n阀 | 通径, 压力 | 2,0')
  })

  test('believes the separator that Excel wrote into the first line', async () => {
    expect((await parse('sep=;\nname;value\na;1,5\n')).blocks[0]?.text).toBe('name | value\na | 1,5')
  })

  test('reads rows of different lengths, a single row and a header without rows', async () => {
    expect((await parse('a,b,c\n1\n1,2,3,4\n')).blocks[0]?.text).toContain('1 | 2 | 3 | 4')
    expect((await parse('one,two\n')).blocks[0]?.text).toBe('one | two')
    expect((await parse('\uFEFFname\n泵\n阀\n')).blocks[0]?.text).toBe('name\n泵\n阀')
  })

  test('reads a huge line, and twenty thousand rows', async () => {
    const wide = await parse(`${'单元格,'.repeat(50_000)}end\n`)
    expect(wide.blocks.at(-1)?.text.endsWith('end')).toBe(true)
    const rows = Array.from({ length: 20_000 }, (_, row) => `${row},泵 ${row},"quoted, ${row}"`)
    const long = await parse(`编号,名称,说明\n${rows.join('\n')}`)
    expect(long.blocks).toHaveLength(1000)
    expect(long.blocks.at(-1)?.text).toMatch(/^编号 \| 名称 \| 说明\n.*\n19999 \| 泵 19999 \| quoted, 19999$/s)
  })
})
