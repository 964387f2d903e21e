import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import {
  decodeCharset,
  decodeWords,
  readHeaders,
  readStructured,
  unquote,
} from '../../../../src/ingest/parsers/mail/mime-header.js'

const base64 = (text: string, charset: string) => iconv.encode(text, charset).toString('base64')

describe('readHeaders', () => {
  test('joins folded lines and keeps the first field of a name', () => {
    const headers = readHeaders(Buffer.from('Subject: a\r\n b\r\nX-A:1\nsubject: other\n broken line\nto:x@y.cn'))
    expect(headers.get('subject')).toBe('a b')
    expect(headers.get('x-a')).toBe('1')
    expect(headers.get('to')).toBe('x@y.cn')
  })

  test('reads fields that were written unmarked in an older encoding', () => {
    const raw = iconv.encode('Subject: 关于设备检修安排的通知\nFrom: 设备管理部 <a@b.cn>', 'gbk')
    expect(readHeaders(raw).get('subject')).toBe('关于设备检修安排的通知')
  })
})

describe('decodeWords', () => {
  test.each(['gb18030', 'gb2312', 'big5', 'shift_jis', 'utf-8', 'euc-kr'])('decodes words in %s', (charset) => {
    const text = charset === 'big5' ? '設備檢查' : charset === 'euc-kr' ? '설비 점검' : '日本'
    expect(decodeWords(`=?${charset}?B?${base64(text, charset)}?=`)).toBe(text)
  })

  test('joins characters that are cut in two between words', () => {
    const bytes = Buffer.from('检修通知')
    const [first, second] = [bytes.subarray(0, 4).toString('base64'), bytes.subarray(4).toString('base64')]
    expect(decodeWords(`Re: =?UTF-8?B?${first}?=\t =?utf-8?b?${second}?= (2)`)).toBe('Re: 检修通知 (2)')
  })

  test('decodes quoted words with blanks, and leaves what is no word', () => {
    expect(decodeWords('=?iso-8859-1?Q?Gr=FC=DFe_aus?= =?utf-8*de?q?_K=C3=B6ln?=')).toBe('Grüße aus Köln')
    expect(decodeWords('a =?b =?utf-8?x?y?= c')).toBe('a =?b =?utf-8?x?y?= c')
  })

  test('decodes what hides in seven bits', () => {
    expect(decodeWords('=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=')).toBe('日本')
    expect(decodeCharset(Buffer.from('+ZeVnLA-'), 'utf-7')).toBe('日本')
  })
})

describe('readStructured', () => {
  test('reads a value and its parameters', () => {
    const { value, params } = readStructured('Text/Plain; charset="gb18030" ; format=flowed; x="a\\"b;c"')
    expect(value).toBe('text/plain')
    expect(params).toEqual({ charset: 'gb18030', format: 'flowed', x: 'a"b;c' })
  })

  test('joins file names in pieces and decodes them', () => {
    const utf8 = encodeURIComponent('检查表')
    expect(readStructured(`attachment; filename*=utf-8''${utf8}.xlsx`).params.filename).toBe('检查表.xlsx')
    const pieces = `attachment; filename*1*=${utf8}; filename*0*=UTF-8'zh'2024%20; filename*2=".xlsx"`
    expect(readStructured(pieces).params.filename).toBe('2024 检查表.xlsx')
    const gbk = iconv.encode('检查表', 'gbk').toString('hex').replace(/../g, '%$&')
    expect(readStructured(`attachment; filename*=gbk''${gbk}.doc`).params.filename).toBe('检查表.doc')
    const word = `attachment; filename="=?gbk?B?${base64('检查表.doc', 'gbk')}?="`
    expect(readStructured(word).params.filename).toBe('检查表.doc')
  })

  test('ends on anything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(';', '"', '=', '*', '\\', "'", 'a', '0', '%', ' ', '=?a?q?b?=')),
        (parts) => {
          expect(typeof readStructured(parts.join('')).value).toBe('string')
          expect(typeof decodeWords(parts.join(''))).toBe('string')
        },
      ),
    )
  })
})

describe('unquote', () => {
  test('undoes quoting, soft line ends and padding', () => {
    expect(unquote('=E6=A3=80=E4=BF=\r\n=AE  \r\nb=3D=zz').toString()).toBe('检修\r\nb==zz')
  })

  test('returns what was quoted', () => {
    const quote = (bytes: Uint8Array) =>
      [...bytes].map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')
    fc.assert(fc.property(fc.uint8Array(), (bytes) => unquote(quote(bytes)).equals(Buffer.from(bytes))))
  })
})
