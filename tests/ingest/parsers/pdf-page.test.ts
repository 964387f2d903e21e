import { describe, expect, test } from 'vitest'
import { readItems, type TextItem } from '../../../src/ingest/parsers/pdf-page.js'

const frame = { page: 1, width: 600, height: 800, transform: [1, 0, 0, -1, 0, 800] }
const item = (str: string, change: Partial<TextItem> = {}): TextItem => ({
  str,
  dir: 'ltr',
  width: 10,
  height: 10,
  fontName: 'f1',
  hasEOL: false,
  vertical: false,
  transform: [10, 0, 0, 10, 100, 700],
  ...change,
})

describe('readItems', () => {
  test('measures from the upper left corner and maps radicals', () => {
    const { runs } = readItems([item('⻚⼿')], frame)
    expect(runs).toEqual([{ text: '页手', x: 100, y: 100, width: 10, size: 10, font: 'f1' }])
  })

  test('puts text of another direction aside', () => {
    const stamp = item('arXiv', { transform: [0, 10, -10, 0, 20, 300] })
    const { runs, aside } = readItems([item('The text of the page'), stamp], frame)
    expect(runs).toHaveLength(1)
    expect(aside).toEqual(['arXiv'])
  })

  test('keeps the order of the file for vertical and right-to-left text', () => {
    const items = [item('縦書', { vertical: true, hasEOL: true }), item('二行', { vertical: true })]
    const { runs } = readItems(items, frame)
    expect(runs.map((run) => run.text)).toEqual(['縦書', '二行'])
    expect(runs[0]?.y).toBeLessThan(runs[1]?.y ?? 0)
  })
})
