import { describe, expect, test } from 'vitest'
import { csvParser } from '../../../src/ingest/parsers/csv.js'

const parse = (source: string) => csvParser().parse(Buffer.from(source), { fileName: 'a.csv' })

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

  test('warns of a quote that is not closed', async () => {
    expect((await parse('a,b\n1,"open\n2,3\n')).warnings).toEqual([expect.stringContaining('quote')])
  })
})
