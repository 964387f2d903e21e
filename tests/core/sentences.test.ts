import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineSpans, sentenceSpans } from '../../src/core/sentences.js'

const sentences = (text: string) => sentenceSpans(text).map(({ start, end }) => text.slice(start, end))

describe('sentenceSpans', () => {
  test('ends sentences at Chinese punctuation, with the quotes that close it', () => {
    expect(sentences('他说：“停机！”然后检查。完成了吗？是……')).toEqual([
      '他说：“停机！”',
      '然后检查。',
      '完成了吗？',
      '是……',
    ])
  })

  test('ends sentences at Latin punctuation before a space', () => {
    expect(sentences('Stop the pump. Wait 3.5 s! "Ready?" Yes.')).toEqual([
      'Stop the pump.',
      'Wait 3.5 s!',
      '"Ready?"',
      'Yes.',
    ])
  })

  test('does not end one at an abbreviation', () => {
    expect(sentences('See Fig. 3 by J. Smith et al. in No. 5. Then go on.')).toEqual([
      'See Fig. 3 by J. Smith et al. in No. 5.',
      'Then go on.',
    ])
  })

  test('ends one at a line end, and yields nothing for white space', () => {
    expect(sentences('  one \n two')).toEqual(['one', 'two'])
    expect(sentences(' \n ')).toEqual([])
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

describe('lineSpans', () => {
  test('trims lines and leaves out empty ones', () => {
    const text = '  a\n\n b | c '
    expect(lineSpans(text).map(({ start, end }) => text.slice(start, end))).toEqual(['a', 'b | c'])
  })
})
