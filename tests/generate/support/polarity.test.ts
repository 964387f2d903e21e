import { describe, expect, test } from 'vitest'
import { boundOf, contradicts } from '../../../src/generate/support/polarity.js'
import { foldText } from '../../../src/generate/values/fold-text.js'

function bound(written: string): string | null {
  const text = foldText(written)
  const value = /\d+/.exec(text)
  const start = value?.index ?? 0
  return boundOf(text, { start, end: start + (value?.[0].length ?? 0) })
}

describe('boundOf', () => {
  test.each([
    '不超过 75',
    '不得大于 75',
    '至多 75',
    '低于 75',
    '75 以下',
    '最大为 75',
    '禁止超过 75',
    '禁止在 75 以上',
    'at most 75',
    'no more than 75',
    'must not exceed 75',
    'must not run for more than 75',
  ])('reads an upper end in %s', (text) => {
    expect(bound(text)).toBe('most')
  })

  test.each([
    '不小于 75',
    '不得低于 75',
    '至少 75',
    '超过 75',
    '75 以上',
    'at least 75',
    'no less than 75',
    'more than 75',
  ])('reads a lower end in %s', (text) => {
    expect(bound(text)).toBe('least')
  })

  test.each(['额定 75', '75', 'the flow is 75', '不超过规定，额定 75'])('reads no end in %s', (text) => {
    expect(bound(text)).toBe(null)
  })
})

describe('contradicts', () => {
  test.each([
    ['法兰在供货范围内', '法兰不在供货范围内'],
    ['更换时无需断电', '更换时必须断电'],
    ['可以佩戴手套', '必须佩戴手套'],
    ['压力随之升高', '压力随之降低'],
    ['打开入口阀', '关闭入口阀'],
    ['the gasket can be reused', 'the gasket cannot be reused'],
    ['turn it clockwise', 'turn it counter-clockwise'],
    ['the seller bears the cost', 'the buyer bears the cost'],
  ])('tells %s from %s, either way round', (a, b) => {
    expect(contradicts(a, b)).toBe(true)
    expect(contradicts(b, a)).toBe(true)
  })

  test.each([
    ['不得焊接', '禁止焊接'],
    ['法兰不包括在内', '法兰不在供货范围内'],
    ['welding is not permitted', 'welding must not be carried out'],
    ['材料为不锈钢', '材料为 CF8M'],
    ['关闭阀门后打开阀门', '打开阀门'],
  ])('takes %s and %s for the same', (a, b) => {
    expect(contradicts(a, b)).toBe(false)
  })
})
