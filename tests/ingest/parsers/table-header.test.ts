import { describe, expect, test } from 'vitest'
import { headerIndex, isNumeric, joinHeader } from '../../../src/ingest/parsers/table-header.js'

describe('headerIndex', () => {
  test('finds the row that names the columns, below a title and beside a nameless one', () => {
    expect(headerIndex([['台账'], ['名称', '数量'], ['泵', '2']])).toBe(1)
    expect(
      headerIndex([
        ['', '名称', '数量'],
        ['1', '泵', '2'],
      ]),
    ).toBe(0)
  })

  test('finds none where the first full row holds figures or sentences', () => {
    expect(
      headerIndex([
        ['泵', '2'],
        ['阀', '3'],
      ]),
    ).toBe(-1)
    expect(
      headerIndex([
        ['¥1,200.00', '泵'],
        ['¥3.00', '阀'],
      ]),
    ).toBe(-1)
    expect(
      headerIndex([
        ['问', '答'.repeat(101)],
        ['问', '答'],
      ]),
    ).toBe(-1)
    expect(headerIndex([['名称', '数量']])).toBe(-1)
  })

  test('takes years for names only where the rows below hold something else', () => {
    expect(
      headerIndex([
        ['指标', '2022', '2023年'],
        ['产量', '15', '17'],
      ]),
    ).toBe(0)
    expect(
      headerIndex([
        ['张三', '2019'],
        ['李四', '2020'],
      ]),
    ).toBe(-1)
    expect(
      headerIndex([
        ['2022', '2023'],
        ['1', '2'],
      ]),
    ).toBe(-1)
  })
})

describe('joinHeader', () => {
  test('joins names that stand above each other once, and keeps them short', () => {
    expect(
      joinHeader([
        ['部件', '2023年', '2023年'],
        ['部件', '上半年', '下半年'],
      ]),
    ).toEqual(['部件', '2023年 上半年', '2023年 下半年'])
    expect(joinHeader([['长'.repeat(90)], ['短'.repeat(20)]])).toEqual(['短'.repeat(20)])
  })
})

describe('isNumeric', () => {
  test.each(['12', '-1,234.5', '(553)', '40%', '$50,000', '¥ 3', '1.2E+05'])('takes %s for a figure', (cell) => {
    expect(isNumeric(cell)).toBe(true)
  })

  test.each(['P-101', '', '—', '2号泵', '.'])('does not take "%s" for a figure', (cell) => {
    expect(isNumeric(cell)).toBe(false)
  })
})
