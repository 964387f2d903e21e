import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wordPattern } from '../../src/store/word-pattern.js'

/** The pattern means the same to JavaScript as to LanceDB; what LanceDB makes of it is in the chunk store's contract. */
const isIn = (words: string, text: string) => new RegExp(wordPattern(words), 'iv').test(text)

describe('wordPattern', () => {
  test.each([
    ['mechanical seal', 'The Mechanical\n  SEAL leaks'],
    ['机械密封', '機械密封的更換'],
    ['機械密封', '机械 密\n封'],
    ['IH65', '选用IH65-50-160型泵'],
    ['IH65泵', 'ＩＨ６５ 泵'],
    ['IH65 泵', 'ih65泵'],
    ['50-160', 'IH65–50–160'],
    ['M12x1.75', '螺栓 M12×1.75'],
    ['C++', 'written in C++.'],
    ['75 °C', 'up to 75℃'],
    ['75 ℃', 'up to 75 °C'],
    ['75℃', '不得超过 75 ℃'],
    ['50 mm', '50mm'],
    ['(10) km2', '⑽ ㎢'],
    ['⑩ ', 'No. 10'],
    ['50%', 'up to 50% of'],
  ])('finds %s in %s', (words, text) => {
    expect(isIn(words, text)).toBe(true)
  })

  test.each([
    ['cat', 'category'],
    ['seal', 'seals'],
    ['65', 'IH65'],
    ['IH65', 'IH 65'],
    ['65-50', '65 - 50'],
    ['密封机械', '机械密封'],
    ['mechanical seal', 'mechanicalseal'],
    ['a.c', 'abc'],
    ['.*', 'anything'],
  ])('does not find %s in %s', (words, text) => {
    expect(isIn(words, text)).toBe(false)
  })

  test('finds any text in itself, between spaces and in brackets', () => {
    const letters = fc.constantFrom(...'aZ09é泵電电ー한ﾊ １-–×*℃㎜⑩ﬁ².,(){}[]\\|+?^$\'"')
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '')
        for (const around of [text, ` ${text}\n`, `(${text})`]) expect(isIn(text, around)).toBe(true)
      }),
    )
  })

  test('finds a text without signs in capitals and in full width', () => {
    const letters = fc.constantFrom(...'aZ09泵 -.,(){}[]\\|+?^$\'"')
    const widened = (text: string) => text.replace(/[!-~]/g, (at) => String.fromCharCode(at.charCodeAt(0) + 0xfee0))
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1 }), (text) => {
        fc.pre(text.trim() !== '')
        for (const other of [text.toUpperCase(), widened(text)]) expect(isIn(text, other)).toBe(true)
      }),
    )
  })

  test('makes a pattern of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(new RegExp(wordPattern(text), 'iv')).toBeInstanceOf(RegExp)
      }),
    )
  })
})
