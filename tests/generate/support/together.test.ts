import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { supportingQuote } from '../../../src/generate/support/align.js'
import { supportTogether } from '../../../src/generate/support/together.js'
import { makeChunk } from '../../support/chunks.js'

function judged(text: string, sources: readonly string[], { headingPath = [] }: { headingPath?: string[] } = {}) {
  const statement = { text, lead: '' }
  const chunks = sources.map((source) => makeChunk({ text: source, headingPath }))
  const cited = chunks.map((chunk) => ({ alone: supportingQuote(statement, chunk), pageStarts: [] }))
  return supportTogether(statement, cited).map(({ quoteSpan: { start, end }, supports }, index) => ({
    quote: chunks[index]?.text.slice(start, end),
    supports,
  }))
}
const supports = (text: string, sources: readonly string[]) => judged(text, sources).map((it) => it.supports)

const old = '请年假应提前 5 个工作日提出申请。逾期不予受理。'
const current = '申请表在系统中填写。请年假应提前 3 个工作日提出申请。'

describe('supportTogether', () => {
  test('takes each value from the passage that has it and quotes there the sentence that carries it', () => {
    expect(judged('请年假的提前量由 5 个工作日改为 3 个工作日', [old, current])).toEqual([
      { quote: '请年假应提前 5 个工作日提出申请。', supports: true },
      { quote: '请年假应提前 3 个工作日提出申请。', supports: true },
    ])
  })

  test('flags all sources of a statement with a value that stands in none of them, such as a difference', () => {
    expect(supports('请年假的提前量由 5 个工作日改为 3 个工作日，少 2 个工作日', [old, current])).toEqual([
      false,
      false,
    ])
  })

  test('flags a passage that carries no part, and only that', () => {
    const idle = '食堂每天供应午餐 300 份。'
    expect(supports('请年假的提前量由 5 个工作日改为 3 个工作日', [old, current, idle])).toEqual([true, true, false])
  })

  test('quotes all of a passage that is nothing but its heading', () => {
    const options = { headingPath: ['Paid leave'] }
    expect(judged('Paid leave is 25 days a year', ['Paid leave', 'Paid leave is 24 days.'], options)).toEqual([
      { quote: 'Paid leave', supports: false },
      { quote: 'Paid leave is 24 days.', supports: false },
    ])
  })

  test('flags a value that the passage of its subject does not have and another one has', () => {
    const halls = ['The north hall has 40 seats.', 'The south hall has 90 seats.']
    expect(supports('The north hall has 40 seats, the south hall has 90', halls)).toEqual([true, true])
    expect(supports('The north hall has 90 seats, the south hall has 40', halls)).toEqual([false, false])
  })

  test('tells by a letter which product is meant', () => {
    const sheets = ['HCZ65-200A 的整机质量为 268 kg。', 'HCZ65-200H 的整机质量为 342 kg。']
    expect(supports('A 型 268 kg，H 型 342 kg', sheets)).toEqual([true, true])
    expect(supports('A 型 342 kg，H 型 268 kg', sheets)).toEqual([false, false])
  })

  test('flags a part that its passage denies', () => {
    const rules = ['Visitors may enter hall 3.', 'Visitors may not enter hall 4.']
    expect(supports('Visitors may enter hall 3, but visitors may not enter hall 4', rules)).toEqual([true, true])
    expect(supports('Visitors may enter hall 3, and visitors may enter hall 4', rules)).toEqual([false, false])
  })

  test('takes a change from two passages and a range from one', () => {
    const rates = ['The rate is 4 % of the sum.', 'The rate is 5 % of the sum.']
    expect(supports('The rate rose from 4 % to 5 %', rates)).toEqual([true, true])
    const ranges = ['The rate is 4 % to 7 % of the sum.', 'The rate is 2 % to 5 % of the sum.']
    expect(supports('The rate is 4 % to 5 %', ranges)).toEqual([false, false])
  })

  test('supports with the same passages in whatever order they are cited, for any seats', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 999 }), fc.integer({ min: 2, max: 999 }), (north, south) => {
        const halls = [`The north hall has ${north} seats.`, `The south hall has ${south} seats.`]
        const right = `The north hall has ${north} seats, the south hall has ${south} seats`
        const swapped = `The north hall has ${south} seats, the south hall has ${north} seats`
        expect(supports(right, halls)).toEqual([true, true])
        expect(supports(right, halls.toReversed())).toEqual([true, true])
        if (north !== south) expect(supports(swapped, halls)).toEqual([false, false])
      }),
      { numRuns: 30 },
    )
  })
})
