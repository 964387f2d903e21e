import { describe, expect, test } from 'vitest'
import { askedFor, offers } from '../../src/generate/asked.js'
import { foldText } from '../../src/generate/values/fold-text.js'
import { valuesIn } from '../../src/generate/values/values.js'

describe('askedFor', () => {
  test.each([
    ['机械密封多久更换一次？', ['time']],
    ['轴承最高多少度？', ['temperature']],
    ['一套要多少钱？', ['money']],
    ['底板多厚？', ['length']],
    ['加多少毫升油？', ['volume']],
    ['电机功率是多少', ['power']],
    ['IH65-50-160 扭矩', ['torque']],
    ['How long is the warranty?', ['time']],
    ['What is the rated pressure?', ['pressure']],
    ['How many litres go in?', ['volume']],
  ])('hears in "%s" that an amount of %s is asked for', (question, dimensions) => {
    expect(askedFor(question)).toMatchObject({ kind: 'amount', dimensions, counter: null })
  })

  test.each([
    ['抽检几件？', '件'],
    ['共有多少名学员', '名'],
  ])('hears in "%s" what is counted', (question, counter) => {
    expect(askedFor(question)).toMatchObject({ kind: 'amount', counter })
  })

  test.each([
    ['合同是哪一年签的？', 'date'],
    ['When does it end?', 'date'],
    ['客服电话是多少？', 'address'],
    ['为什么会漏？', 'open'],
    ['几乎不漏是怎么做到的？', 'open'],
    ['Which seal is used when hot?', 'open'],
    ['谁来批准？', 'open'],
  ])('hears in "%s" that it asks for: %s', (question, kind) => {
    expect(askedFor(question).kind).toBe(kind)
  })
})

describe('offers', () => {
  const isOffered = (question: string, said: string) => {
    const text = foldText(said)
    return offers(askedFor(question), { values: valuesIn(text), text })
  }

  test('finds a value of the measure that is asked for, and no other', () => {
    expect(isOffered('多久换一次？', '每 8000 小时更换。')).toBe(true)
    expect(isOffered('多久换一次？', '温度不超过 80 ℃。')).toBe(false)
    expect(isOffered('一小时最多升多少度？', '升温不超过 50 ℃/h。')).toBe(true)
  })

  test('does not take for an answer what the question gives', () => {
    expect(isOffered('运行 8000 小时之后多久检查？', '运行 8000 小时之后检查。')).toBe(false)
    expect(isOffered('运行 8000 小时之后多久检查？', '运行 8000 小时之后每 500 小时检查。')).toBe(true)
  })

  test('wants the currency that is named, and takes another counter of the same thing', () => {
    expect(isOffered('单价是多少美元？', '单价 76 元')).toBe(false)
    expect(isOffered('单价是多少？', '单价 76 元')).toBe(true)
    expect(isOffered('能用几回？', '只能用一次。')).toBe(true)
    expect(isOffered('能用几回？', '可以再用。')).toBe(false)
  })

  test('knows dates and addresses', () => {
    expect(isOffered('哪一年发布的？', '2024 年 5 月发布')).toBe(true)
    expect(isOffered('电话是多少？', '请拨 400-000-6580')).toBe(true)
    expect(isOffered('电话是多少？', '2025-03-12 发布')).toBe(false)
  })
})
