import { describe, expect, test } from 'vitest'
import { readItems, type TextItem } from '../../../../src/ingest/parsers/pdf/pdf-page.js'

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

  test('puts text of another direction aside, with its place', () => {
    const stamp = item('arXiv', { transform: [0, 10, -10, 0, 20, 300], width: 25 })
    const { runs, aside } = readItems([item('The text of the page'), stamp], frame)
    expect(runs).toHaveLength(1)
    expect(aside).toEqual([{ text: 'arXiv', box: { x: 10, y: 475, width: 10, height: 25 } }])
  })

  test('turns vertical columns to lines from the right to the left, with the numbers that stand upright in them', () => {
    const down = (str: string, x: number, y: number) =>
      item(str, { vertical: true, height: str.length * 10, width: 10, transform: [10, 0, 0, 10, x, y] })
    const upright = item('12', { width: 10, transform: [10, 0, 0, 10, 495, 680] })
    const { runs } = readItems([down('左の列', 480, 700), down('右の', 500, 700), upright, down('月', 500, 680)], frame)
    const right = runs.filter((run) => Math.abs(run.y - 103.5) < 1)
    expect(right.map((run) => run.text)).toEqual(['右の', '12', '月'])
    expect(right.map((run) => run.x)).toEqual([100, 110, 120])
    expect(runs.find((run) => run.text === '左の列')?.y).toBeCloseTo(123.5)
  })

  test('reads right-to-left writing as in a mirror', () => {
    const word = (str: string, x: number) => item(str, { dir: 'rtl', width: 30, transform: [10, 0, 0, 10, x, 700] })
    const { runs, frame: seen } = readItems([word('שלום', 500), word('עולם', 460)], frame)
    expect(runs.map(({ text, x }) => ({ text, x }))).toEqual([
      { text: 'שלום', x: 70 },
      { text: 'עולם', x: 110 },
    ])
    expect(seen.isMirrored).toBe(true)
  })

  test('counts the control characters of a text', () => {
    expect(readItems([item('a\u0003b\u0085c')], frame).controls).toBe(2)
  })
})
