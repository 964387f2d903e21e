import { describe, expect, test } from 'vitest'
import { statementsIn } from '../../src/generate/statements.js'

const bound = (text: string) =>
  statementsIn(text).map(({ markers, text: statement }) => [
    markers.map(({ number }) => number).join(),
    statement.replace(/\s+/g, ' ').trim(),
  ])

describe('statementsIn', () => {
  test('binds a marker before and behind the full stop to the same sentence', () => {
    expect(bound('甲是一。乙是二 [1]。丙是三。')).toEqual([['1', '乙是二 。']])
    expect(bound('甲是一。乙是二。[1] 丙是三。')).toEqual([['1', '乙是二。']])
    expect(bound('The flow is 25. The head is 32 [1]. The end.')).toEqual([['1', 'The head is 32 .']])
  })

  test('binds several sources to all that semicolons join before them, up to what has a marker of its own', () => {
    expect(bound('共六台；每人拆装三次 [1][2]。')).toEqual([['1,2', '共六台；每人拆装三次 。']])
    expect(bound('先停泵。共六台；每人拆装三次 [1][2]。')).toEqual([['1,2', '共六台；每人拆装三次 。']])
    expect(bound('共六台 [3]；每人拆装三次 [1][2]。').at(-1)).toEqual(['1,2', '每人拆装三次 。'])
    expect(bound('共六台；每人拆装三次 [1]。')).toEqual([['1', '每人拆装三次 。']])
  })

  test('binds markers that stand together to one statement', () => {
    expect(bound('乙是二 [1][2] [3]。')).toEqual([['1,2,3', '乙是二 。']])
  })

  test('divides a sentence among the markers in it', () => {
    expect(bound('A 型为 100 mm [1]，H 型为 140 mm [2]。')).toEqual([
      ['1', 'A 型为 100 mm'],
      ['2', 'H 型为 140 mm 。'],
    ])
  })

  test('binds a marker that opens a line to the sentence behind it', () => {
    expect(bound('[1] 流量为 25。扬程为 32。')).toEqual([['1', '流量为 25。']])
  })

  test('binds a marker behind a list item to the whole of it', () => {
    expect(bound('步骤：\n1. 关闭阀门。断开电源 [1]\n2. 挂牌 [2]')).toEqual([
      ['1', '关闭阀门。断开电源'],
      ['2', '挂牌'],
    ])
  })

  test('takes no value for the number of a list item', () => {
    expect(bound('4.5 mm/s [1]\n-29 ℃ [2]')).toEqual([
      ['1', '4.5 mm/s'],
      ['2', '-29 ℃'],
    ])
  })

  test('binds a marker in or behind a table row to the row', () => {
    const head = '| 型号 | 流量 |\n| --- | --- |\n'
    expect(bound(`${head}| A | 50 [1] |\n| B | 60 | [2]`)).toEqual([
      ['1', '| A | 50 |'],
      ['2', '| B | 60 |'],
    ])
  })

  test('binds a marker on a line of its own to what stands above: all rows of a table, or a sentence', () => {
    const head = '| 型号 | 流量 |\n| --- | --- |\n'
    expect(bound(`${head}| A | 50 |\n| B | 60 |\n\n[1]`)).toEqual([['1', '| A | 50 | | B | 60 |']])
    expect(bound('甲是一。乙是二。\n[1]')).toEqual([['1', '乙是二。']])
  })

  test('names the line that leads up to a list', () => {
    expect(statementsIn('HCZ65-200A：\n\n- 流量 50 [1]')[0]?.lead).toBe('HCZ65-200A：')
    expect(statementsIn('别的话。\n- 流量 50 [1]')[0]?.lead).toBe('')
  })
})
