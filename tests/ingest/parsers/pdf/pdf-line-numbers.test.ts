import { describe, expect, test } from 'vitest'
import { withoutLineNumbers } from '../../../../src/ingest/parsers/pdf/pdf-line-numbers.js'
import type { PageText, Run } from '../../../../src/ingest/parsers/pdf/pdf-page.js'

const run = (text: string, x: number, y: number): Run => ({ text, x, y, width: text.length * 5, size: 10, font: 'f' })
const page = (...runs: Run[]): PageText => ({
  width: 595,
  height: 842,
  frame: { width: 595, height: 842, turns: 0, isMirrored: false },
  runs,
  aside: [],
  controls: 0,
})
const textsOf = ({ runs }: PageText) => runs.map(({ text }) => text)

describe('withoutLineNumbers', () => {
  const body = [run('The pump 101 lifts water', 60, 100), run('through the valve 102.', 60, 115)]

  test('removes numbers of lines beyond the text, left and right', () => {
    expect(textsOf(withoutLineNumbers(page(...body, run('10', 545, 100), run('5', 30, 108))))).toEqual(
      textsOf(page(...body)),
    )
  })

  test('keeps numbers inside the text, and a last column of numbers', () => {
    const table = [run('Flow', 60, 100), run('25', 540, 100), run('Head', 60, 115), run('32', 540, 115)]
    expect(textsOf(withoutLineNumbers(page(...table)))).toEqual(['Flow', '25', 'Head', '32'])
    expect(textsOf(withoutLineNumbers(page(...body, run('10', 300, 130))))).toContain('10')
  })

  test('keeps a page of nothing but numbers', () => {
    expect(textsOf(withoutLineNumbers(page(run('10', 545, 100), run('20', 545, 120))))).toEqual(['10', '20'])
  })
})
