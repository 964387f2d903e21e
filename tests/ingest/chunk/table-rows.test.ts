import { describe, expect, test } from 'vitest'
import { documentText } from '../../../src/ingest/chunk/document-text.js'
import { cellsOf, tableFrame, writtenRow } from '../../../src/ingest/chunk/table-rows.js'
import { block } from '../fixtures/blocks.js'

const table = (text: string) => block(text, { kind: 'table' })
const frameOf = async (...blocks: ReturnType<typeof block>[]) => {
  const placed = (await documentText(blocks)).blocks
  return tableFrame(placed, placed.length - 1, null)
}

describe('cellsOf', () => {
  test('reads the cells of a row, empty ones too', () => {
    expect(cellsOf('a | b | c')).toEqual(['a', 'b', 'c'])
    expect(cellsOf('a |  | c')).toEqual(['a', '', 'c'])
    expect(cellsOf('| b')).toEqual(['', 'b'])
    expect(cellsOf('x|y | z')).toEqual(['x|y', 'z'])
  })
})

describe('tableFrame', () => {
  test('names the columns by the first row when that holds names', async () => {
    expect(await frameOf(table('型号 | 流量\nIH65-50-160 | 25 m3/h'))).toEqual({
      header: '型号 | 流量',
      names: ['型号', '流量'],
      caption: null,
    })
  })

  test('has no names when the first row holds figures, stands alone or is a single column', async () => {
    expect((await frameOf(table('1 | 2\n3 | 4')))?.names).toBeNull()
    expect((await frameOf(table('型号 | 流量')))?.names).toBeNull()
    expect((await frameOf(table('型号\nA\nB')))?.names).toBeNull()
  })

  test('joins the captions above, and leaves those of pictures', async () => {
    const caption = (text: string) => block(text, { kind: 'caption' })
    expect((await frameOf(caption('表 1'), caption('单位：mm'), table('a | b\nc | d')))?.caption).toBe('表 1 单位：mm')
    expect((await frameOf(caption('图 1 泵'), table('a | b\nc | d')))?.caption).toBeNull()
    expect((await frameOf(caption('表 1'), block('文。'), table('a | b\nc | d')))?.caption).toBeNull()
  })

  test('is no frame for what is no table', async () => {
    expect(await frameOf(block('文。'))).toBeNull()
  })
})

describe('writtenRow', () => {
  const frame = { header: '型号 | 流量 | ', names: ['型号', '流量', ''], caption: null }
  const row = { table: frame, names: frame.names, column: 0, isHeader: false }

  test('puts the name of its column before each cell', () => {
    expect(writtenRow('IH65-50-160 | 25 m3/h', row)).toBe('型号: IH65-50-160 | 流量: 25 m3/h')
  })

  test('leaves out empty cells, and writes those without a name as they are', () => {
    expect(writtenRow('A |  | 备用 | 更多', row)).toBe('型号: A | 备用 | 更多')
    expect(writtenRow('25 m3/h', { ...row, column: 1 })).toBe('流量: 25 m3/h')
  })

  test('writes the header row not at all, and a row without names as it is', () => {
    expect(writtenRow('型号 | 流量', { ...row, isHeader: true })).toBe('')
    expect(writtenRow('A | 5', { ...row, names: null })).toBe('A | 5')
  })
})
