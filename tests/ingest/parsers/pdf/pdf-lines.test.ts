import { describe, expect, test } from 'vitest'
import { linesOf } from '../../../../src/ingest/parsers/pdf/pdf-lines.js'
import type { Run } from '../../../../src/ingest/parsers/pdf/pdf-page.js'

const run = (text: string, x: number, change: Partial<Run> = {}): Run => ({
  text,
  x,
  y: 100,
  width: text.length * 10,
  size: 10,
  font: 'f1',
  ...change,
})
const textOf = (...runs: Run[]) => linesOf(runs).map((line) => line.text)

describe('linesOf', () => {
  test('puts spaces where Latin words stand apart, none between Chinese characters', () => {
    expect(textOf(run('open', 0), run('valve', 43))).toEqual(['open valve'])
    expect(textOf(run('阀', 0), run('门', 12))).toEqual(['阀门'])
    expect(textOf(run('第一章', 0), run('总则', 37))).toEqual(['第一章 总则'])
  })

  test('parts cells at wide gaps', () => {
    expect(linesOf([run('Part', 0), run('500', 100)])[0]?.cells.map((cell) => cell.text)).toEqual(['Part', '500'])
  })

  test('keeps raised characters in their line', () => {
    expect(textOf(run('m', 0), run('2', 10, { y: 95, size: 6, width: 6 }))).toEqual(['m2'])
    expect(linesOf([run('m', 0), run('2', 10, { y: 95, size: 6 })])[0]?.y).toBe(100)
  })

  test('leaves out the shadow of text that is set twice', () => {
    expect(textOf(run('bold', 0), run('bold', 0.5))).toEqual(['bold'])
  })

  test('closes up text that is set with a space after each character', () => {
    expect(textOf(run('【 表 ２ 】', 0))).toEqual(['【表２】'])
    expect(textOf(run('a b c d', 0))).toEqual(['a b c d'])
  })
})
