import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simplified, simplifiedCharacters } from '../../src/core/simplified.js'

describe('simplified', () => {
  test('writes traditional Chinese in simplified characters by its words', () => {
    expect(simplified('離心泵的軸承溫度過高時應立即停機')).toBe('离心泵的轴承温度过高时应立即停机')
    expect(simplified('乾燥與乾坤')).toBe('干燥与乾坤')
  })

  test('leaves simplified Chinese, English and Japanese alone', () => {
    for (const text of ['头发、皇后与后来', 'IH65-50-160, ±0.5 °C', '機械シールを交換する'])
      expect(simplified(text)).toBe(text)
  })
})

describe('simplifiedCharacters', () => {
  test('gives a part of a text the same as within the whole', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('乾', '燥', '坤', '著', '裡', '頭', 'a', '𠮷') }),
        fc.nat(),
        (text, at) => {
          expect(simplifiedCharacters(text.slice(0, at)) + simplifiedCharacters(text.slice(at))).toBe(
            simplifiedCharacters(text),
          )
        },
      ),
    )
  })

  test('changes nothing a second time, whichever character it is', () => {
    const all = Array.from({ length: 0xa000 - 0x3400 }, (_, at) => String.fromCharCode(0x3400 + at)).join('')
    const once = simplifiedCharacters(all)
    expect(once).not.toBe(all)
    expect(simplifiedCharacters(once)).toBe(once)
  })

  test('makes one of characters that are simplified in two steps', () => {
    expect(['薴', '苧', '苎'].map(simplifiedCharacters)).toEqual(['苎', '苎', '苎'])
  })
})
