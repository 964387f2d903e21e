import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentTerms, indexTerms, queryTerms, terms } from '../../src/core/terms.js'

const han = fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCodePoint(code))
const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), han) })
const anyUtf16 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  .map((codes) => String.fromCharCode(...codes))

describe('terms', () => {
  test('gives overlapping pairs of Chinese characters', () => {
    expect(terms('离心泵的流量')).toEqual(['离心', '心泵', '泵的', '的流', '流量'])
  })

  test('holds every two-character substring of a Chinese text', () => {
    fc.assert(
      fc.property(fc.array(han, { minLength: 2, maxLength: 60 }), (characters) => {
        const text = characters.join('').normalize('NFKC')
        const found = new Set(terms(text))
        for (let at = 0; at + 2 <= text.length; at += 1) {
          for (const term of terms(text.slice(at, at + 2))) expect(found).toContain(term)
        }
      }),
    )
  })

  test('keeps a character that stands alone', () => {
    expect(terms('泵')).toEqual(['泵'])
    expect(terms('A 泵 B')).toEqual(['a', '泵', 'b'])
  })

  test('keeps characters outside the basic plane whole', () => {
    expect(terms('𠮷野家')).toEqual(['𠮷野', '野家'])
  })

  test.each([
    ['IH65-50-160', ['ih65-50-160', 'ih65', '50', '160']],
    ['GB/T 19001-2016', ['gb/t', 'gb', 't', '19001-2016', '19001', '2016']],
    ['M12×1.75', ['m12×1.75', 'm12', '1.75', '1', '75']],
    ['M12x1.75', ['m12×1.75', 'm12', '1.75', '1', '75']],
    ['6ES7_214-1AG40', ['6es7_214-1ag40', '6es7', '214', '1ag40']],
    ['ops@example.com', ['ops@example.com', 'op', 'example.com', 'exampl', 'com']],
  ])('keeps the part number %s whole and in parts', (text, expected) => {
    expect(terms(text)).toEqual(expected)
  })

  test('finds a part number inside Chinese text', () => {
    expect(terms('选用IH65-50-160型泵')).toEqual(['选用', 'ih65-50-160', 'ih65', '50', '160', '型泵'])
  })

  test('folds width, case, dashes and radicals', () => {
    expect(terms('ＧＢ／Ｔ　１２３')).toEqual(terms('gb/t 123'))
    expect(terms('IH65–50‑160')).toEqual(terms('ih65-50-160'))
    expect(terms('⻚⼿⾼⻚')).toEqual(terms('页手高页'))
  })

  test('stems English words and leaves part numbers', () => {
    expect(terms('pumps pumping batteries glass 6es')).toEqual(['pump', 'pump', 'batteri', 'glass', '6es'])
  })

  test('gives traditional characters the terms of simplified ones', () => {
    expect(terms('離心泵的軸承溫度')).toEqual(terms('离心泵的轴承温度'))
    expect(terms('乾燥')).toEqual(terms('干燥'))
  })

  test('repeats a term as often as it occurs', () => {
    expect(terms('pump pump')).toEqual(['pump', 'pump'])
    expect(terms('50-50')).toEqual(['50-50', '50', '50'])
  })

  test('never throws, holds no white space and stays linear for any string', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUtf16), (text) => {
        const found = terms(text)
        expect(found.length).toBeLessThanOrEqual(3 * text.normalize('NFKC').length)
        for (const term of found) expect(term).toMatch(/^[^\s]+$/u)
      }),
    )
  })

  test('reads a long unbroken run in one pass', () => {
    const started = performance.now()
    expect(terms('a-'.repeat(100_000)).length).toBeLessThanOrEqual(300_000)
    expect(terms(`${'x'.repeat(500_000)} end`)).toEqual(['x'.repeat(100), 'end'])
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('gives the same terms for a text and for its folded form', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(terms(text.normalize('NFKC'))).toEqual(terms(text))
      }),
    )
  })
})

describe('contentTerms', () => {
  test.each([
    ['离心泵的额定流量是多少？', ['离心', '心泵', '额定', '定流', '流量']],
    ['如何更换机械密封', ['更换', '换机', '机械', '械密', '密封']],
    ['What is the rated flow of the pumps?', ['rate', 'flow', 'pump']],
    ['How to replace IH65-50-160', ['replac', 'ih65-50-160', 'ih65', '50', '160']],
    ['研究的目的是什么', ['研究', '目的']],
    ['这是什么？', ['这']],
    ['What is it?', []],
  ])('keeps what %s is about', (question, expected) => {
    expect(contentTerms(question)).toEqual(expected)
  })

  test('keeps what is written in capitals', () => {
    expect(contentTerms('Who is in the IT department?')).toEqual(['it', 'depart'])
    expect(contentTerms('A 型水泵')).toEqual(['a', '型水', '水泵'])
  })

  test('drops the function words of traditional Chinese', () => {
    expect(contentTerms('為什麼軸承過熱')).toEqual(contentTerms('为什么轴承过热'))
  })

  test('keeps a function word inside a joined word', () => {
    expect(contentTerms('a how-to guide')).toContain('how-to')
  })

  test('holds each term once and only terms of the question', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUtf16), (question) => {
        const found = contentTerms(question)
        expect(new Set(found).size).toBe(found.length)
      }),
    )
  })
})

describe('indexTerms', () => {
  test('gives Chinese characters as well as their pairs', () => {
    expect(indexTerms('离心泵 IH65-50')).toEqual(['离', '心', '泵', '离心', '心泵', 'ih65-50', 'ih65', '50'])
    expect(indexTerms('泵')).toEqual(['泵'])
  })

  test('holds the terms of the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const found = new Set(indexTerms(text))
        for (const term of terms(text)) expect(found).toContain(term)
      }),
    )
  })
})

describe('queryTerms', () => {
  test('asks for what the question is about', () => {
    expect(queryTerms('泵的流量是多少？')).toEqual(['泵', '流', '量', '流量'])
  })

  test('asks for all of a question that is about nothing', () => {
    expect(queryTerms('What is it?')).toEqual(['what', 'is', 'it'])
  })

  test('asks only for terms that an index of the same text holds', () => {
    const words = fc.constantFrom(
      '泵',
      '流量',
      '是什么',
      'IH65-50-160',
      'GB/T 19001',
      'how-to',
      'pumps',
      '的',
      ' ',
      '，',
      'Ⅻ',
    )
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const text = parts.join('')
        const found = new Set(indexTerms(text))
        for (const term of queryTerms(text)) expect(found).toContain(term)
      }),
    )
  })
})
