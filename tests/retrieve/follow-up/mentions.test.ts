import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mentionsIn } from '../../../src/retrieve/follow-up/mentions.js'

const named = (question: string) => mentionsIn(question).map(({ kind, text }) => `${kind} ${text}`)

describe('mentionsIn', () => {
  test.each([
    ['IH65-50-160 的流量', ['code IH65-50-160']],
    ['HQ41F-16P DN50 的球阀', ['code HQ41F-16P', 'code DN50']],
    ['按 GB/T 5656-2008 验收', ['code GB/T 5656-2008']],
    ['50 Hz 时 380V 的电机', ['measure 50 Hz', 'measure 380V']],
    ['2024 年的价格', ['measure 2024 年']],
    ['H 型和 A型', ['variant H 型', 'variant A型']],
    ['“机械密封”和《手册》', ['phrase “机械密封”', 'phrase 《手册》']],
    ['Inkstone 支持 Windows 吗', ['name Inkstone', 'name Windows']],
    ['Does the Siemens motor fit model A?', ['name Siemens', 'variant model A']],
    ['How long is the warranty?', []],
    ['the 2nd seal of pump 65-50-160', ['code 65-50-160']],
  ])('finds what "%s" names', (question, expected) => {
    expect(named(question)).toEqual(expected)
  })

  test('gives what stands in the text, in order and without overlap', () => {
    const piece = fc.constantFrom('IH65-50', '50 Hz', 'A 型', '“轴承”', 'Siemens', '的', ' ', 'GB/T 5656', '，', 'the ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        let end = 0
        for (const { text: found, span } of mentionsIn(text)) {
          expect(text.slice(span.start, span.end)).toBe(found)
          expect(span.start).toBeGreaterThanOrEqual(end)
          end = span.end
        }
      }),
    )
  })
})
