import { describe, expect, test } from 'vitest'
import { blockList } from '../../../src/ingest/parsers/block-list.js'

const bbox = { x: 1, y: 2, width: 3, height: 4 }

describe('blockList', () => {
  test('keeps the headings above each block, and says where a picture stands that is met now', () => {
    const list = blockList()
    list.heading('甲', { level: 1 })
    list.heading('乙', { level: 2 })
    expect(list.place({ page: 4 })).toEqual({ page: 4, headingPath: ['甲', '乙'], at: 2 })
    list.heading('丙', { level: 1 })
    list.add('footnote', '[1] 注', { page: 5 })
    expect(list.blocks.at(-1)).toEqual({ kind: 'footnote', text: '[1] 注', page: 5, headingPath: ['丙'] })
    expect(list.place()).toEqual({ page: null, headingPath: ['丙'], at: 4 })
  })

  test('keeps places and certainty where the format has them, and no such fields elsewhere', () => {
    const list = blockList()
    list.heading('甲', { level: 1, page: 1, bbox })
    list.add('ocr', '文', { page: 1, bbox, confidence: 0.5 })
    list.table([['a'], ['b']], { page: 1, bbox })
    list.add('paragraph', '文')
    expect(list.blocks.map((block) => [block.bbox, block.confidence])).toEqual([
      [bbox, undefined],
      [bbox, 0.5],
      [bbox, undefined],
      [undefined, undefined],
    ])
    expect(Object.keys(list.blocks[3] ?? {})).toEqual(['kind', 'text', 'headingPath', 'page'])
  })

  test('gives every block of a long table its header', () => {
    const list = blockList()
    list.table([['型号', '流量'], ...Array.from({ length: 50 }, (_, at) => [`P-${at}`, `${at}`])])
    expect(list.blocks).toHaveLength(3)
    expect(list.blocks.every(({ text }) => text.startsWith('型号 | 流量\n'))).toBe(true)
  })
})
