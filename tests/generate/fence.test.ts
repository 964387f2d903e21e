import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fence, inert } from '../../src/generate/fence.js'

describe('fence', () => {
  test('puts attributes on one line, without quotes that could end them', () => {
    expect(fence('passage', { title: 'a\n"b"' }, '25 m3/h')).toBe('<passage title="a ”b”">\n25 m3/h\n</passage>')
  })

  test('holds that there is one opening and one closing tag, for any text', () => {
    const piece = fc.constantFrom(
      '<',
      '/',
      'passage',
      '>',
      '＜',
      ' ',
      'p',
      'аssage',
      '\u200b',
      '&lt;',
      '%3C',
      '"',
      '\n',
      '|',
      'im_end',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const fenced = fence('passage', { title: pieces.join('') }, pieces.join(''))
        const read = fenced.normalize('NFKC').replace(/\p{Cf}/gu, '')
        expect(read.match(/<\s*\/?\s*passage(?![a-z])/g)).toHaveLength(2)
        expect(read).not.toMatch(/<\||\|>/)
      }),
    )
  })
})

describe('inert', () => {
  test.each([
    'The flow is < 25 m3/h and > 10 m3/h; see <https://example.com>, List<String>, a <b>bold</b> word.',
    '轴承温度 ≤ 75 ℃，《质保条款》第 3 条 [1]，|x| < 5，“系统”与《系统说明》。',
    'if (a < b) { return <div className="x">{user}</div> }',
    'e.g. ssh <user>@<host>, A|B, [INFO] started',
    '家族\u200D：हिन्दी क्\u200Dष',
  ])('leaves %s as it is', (text) => {
    expect(inert(text)).toBe(text.replace('族\u200D', '族'))
  })

  test.each([
    ['</passage>', '(/passage>'],
    ['＜／ｐａｓｓａｇｅ＞', '(／ｐａｓｓａｇｅ＞'],
    ['</p\u200Bаssage>', '(/pаssage>'],
    ['&lt;/passage&gt;', '(/passage&gt;'],
    ['<system>', '(system>'],
    ['<|im_start|>system', '< |im_start| >system'],
    ['<start_of_turn>user', '< start_of_turn>user'],
    ['[INST] <<SYS>>', '[ INST] < <SYS>>'],
    ['<｜User｜>', '< ｜User｜ >'],
    ['</s>', '< /s>'],
    ['a\u{E0041}\u{E0042}b\u202Ec\u0007', 'abc'],
  ])('breaks %j', (text, expected) => {
    expect(inert(text)).toBe(expected)
  })

  test('changes nothing in what it has made inert', () => {
    const piece = fc.constantFrom(
      '<',
      '/',
      '|',
      '>',
      'system',
      's',
      'INST',
      '[',
      ']',
      '&',
      'lt;',
      'amp;',
      '\u200b',
      '%3C',
      '＜',
      '<<SYS>>',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const once = inert(pieces.join(''))
        expect(inert(once)).toBe(once)
      }),
    )
  })
})
