import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText } from '../../../src/generate/values/fold-text.js'
import { valuesIn } from '../../../src/generate/values/values.js'

const read = (text: string) =>
  valuesIn(foldText(text)).map((value) => {
    if (value.kind === 'date' || value.kind === 'code') return value.key
    const unit = value.unit === null ? '' : ` ${value.unit.name}`
    return value.kind === 'range' ? `${value.low}..${value.high}${unit}` : `${Number(value.number.toFixed(4))}${unit}`
  })

describe('valuesIn', () => {
  test.each([
    [['25 m3/h', '25m³/h', '２５ 立方米每小时', '25 立方米/小时', '25 cubic metres per hour'], '25 m3/hour'],
    [['2900 r/min', '2900rpm', '2,900 转/分', '每分钟 2900 转', '2900 转/分钟'], '2900 r/minute'],
    [['75 ℃', '75°C', '75 摄氏度', '75 degrees Celsius'], '75 °C'],
    [['-18 ℃', '零下 18 ℃', '−18°C', '负18摄氏度'], '-18 °C'],
    [['2.4 MPa', '2.40 兆帕'], '2.4 MPa'],
    [['15 年', '十五年', '15 years'], '15 year'],
    [['5%', '百分之五', '5 percent', '５％'], '5 %'],
    [['3‰', '千分之三'], '3 ‰'],
    [['三分之二', '2/3'], '0.6667'],
    [['五千万元', '5000 万元', '50,000,000 元', '人民币 50000000'], '50000000 yuan'],
    [['1,234 h', '1\u202f234 小时', '1 234 h'], '1234 hour'],
    [['EUR 12,400', '12 400 euros', '€ 12400'], '12400 euro'],
    [['每年', '一年', 'one year'], '1 year'],
    [['二十五', '25'], '25'],
  ])('reads %j as %s', (spellings, expected) => {
    for (const spelling of spellings) expect(read(spelling)).toEqual([expected])
  })

  test.each([
    [
      ['2024-03-01', '2024/3/1', '2024年3月1日', 'March 1, 2024', '1st of March 2024', '二〇二四年三月一日'],
      '2024-03-01',
    ],
    [['2024 年 3 月', 'March 2024'], '2024-03'],
    [['3月1日', 'March 1'], '--03-01'],
    [['IH65-50-160', 'ＩＨ65-50-160', 'ih65‑50‑160'], 'IH65-50-160'],
    [['GB/T 19001-2016', 'GB/T19001-2016'], 'GB/T19001-2016'],
    [['M12×1.75', 'M12x1.75'], 'M12×1.75'],
    [['DN 65', 'DN65'], 'DN65'],
    [['65-200H'], '65-200H'],
  ])('reads each of %j as %s', (spellings, expected) => {
    for (const spelling of spellings) expect(read(spelling)).toEqual([expected])
  })

  test.each(['20~30 N·m', '20 至 30 牛·米', '20-30 N.m', '20 N·m 到 30 N·m', '20 to 30 Nm'])(
    'reads %s as a range',
    (text) => {
      expect(read(text)).toEqual(['20 N·m', '30 N·m', '20..30 N·m'])
    },
  )

  test.each(['一般', '三相电机', '四周', '十分', '统一', '万一', '1. 关闭阀门', '（2）断电', 'May we ask', 'm3/h'])(
    'reads no value in %s',
    (text) => {
      expect(read(text)).toEqual([])
    },
  )

  test('tells units of one letter apart, and units from the words they begin', () => {
    expect(read('5 m, 5 mm, 5 min, 5 MPa, 5 mPa·s')).toEqual(['5 m', '5 mm', '5 minute', '5 MPa', '5 mPa·s'])
    expect(read('5 安全阀, 4 A, 3 升级')).toEqual(['5', '4 A', '3 L'])
  })

  test('reads any text without failing, each value at a place within it', () => {
    const piece = fc.constantFrom(
      '25',
      ' ',
      'm3/h',
      '-',
      '~',
      '年',
      '三',
      '十',
      'IH65',
      '.',
      ',',
      '℃',
      '月',
      '每',
      '第',
      'A',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
          fc.string(),
        ),
        (text) => {
          const folded = foldText(text)
          for (const { span } of valuesIn(folded)) {
            expect(span.start).toBeGreaterThanOrEqual(0)
            expect(span.start).toBeLessThan(span.end)
            expect(span.end).toBeLessThanOrEqual(folded.length)
          }
        },
      ),
    )
  })
})
