import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitSentences } from '../../src/core/sentences.js'

const sentences = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end))

describe('splitSentences', () => {
  test('ends Chinese sentences at their marks and keeps closing quotes', () => {
    expect(sentences('他说：“停机。”然后离开！真的？是。')).toEqual(['他说：“停机。”', '然后离开！', '真的？', '是。'])
  })

  test('does not end a Latin sentence inside a number or a version', () => {
    expect(sentences('The gap is 0.25 mm. See v2.1.3 for more.')).toEqual([
      'The gap is 0.25 mm.',
      'See v2.1.3 for more.',
    ])
  })

  test('ends a sentence at each line break', () => {
    expect(sentences('型号 | 流量\nIH65 | 25\n\n正文')).toEqual(['型号 | 流量', 'IH65 | 25', '正文'])
  })

  test('holds every character that is not white space, once, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('甲', '。', 'a', '.', ' ', '\n', '1', '!', '”') }), (text) => {
        expect(sentences(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
        for (const sentence of sentences(text)) expect(sentence.trim()).toBe(sentence)
      }),
    )
  })
})
