import { describe, expect, test } from 'vitest'
import { codeSource, codesOf, namesCode, ordinalsIn } from '../../src/generate/names.js'
import { valuesIn } from '../../src/generate/values/values.js'
import { makeChunk } from '../support/chunks.js'

describe('namesCode', () => {
  const isNamed = (code: string, text: string, documentTitle = '手册') =>
    codesOf(valuesIn(code)).every((value) => namesCode(codeSource(makeChunk({ text, documentTitle })), value))

  test('finds a part number in the text or the title, and as a part of a longer one', () => {
    expect(isNamed('IH65-50-160', '适用于 IH65-50-160。')).toBe(true)
    expect(isNamed('IH65-50-160', '转速 2900 r/min。', 'IH65-50-160 规格书')).toBe(true)
    expect(isNamed('65-200H', '型号 HCZ65-200H')).toBe(true)
    expect(isNamed('IH80-65-160', '适用于 IH65-50-160。')).toBe(false)
  })

  test('finds a variant by its series and its letter', () => {
    expect(isNamed('HCZ65-200A', 'HCZ65-200 系列：A 型为标准型，H 型为高温型。')).toBe(true)
    expect(isNamed('HCZ65-200B', 'HCZ65-200 系列：A 型为标准型，H 型为高温型。')).toBe(false)
  })
})

describe('ordinalsIn', () => {
  test('writes numbered parts the same way', () => {
    expect(ordinalsIn('第二期和第 2 期，第十二章，第一台')).toEqual(['2期', '2期', '12章'])
  })
})
