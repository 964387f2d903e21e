import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { decodeText } from '../../../src/ingest/parsers/decode.js'

const chinese = '进入车间前必须佩戴安全帽，并检查防护手套是否完好。发现异常时应当立即停机，通知班组长处理。'
const traditional = '進入車間前必須佩戴安全帽，並檢查防護手套是否完好。發現異常時應當立即停機，通知班組長處理。'
const japanese = '作業場に入る前に安全帽を着用し、手袋の状態を確認してください。異常があれば直ちに停止します。'
const korean = '작업장에 들어가기 전에 안전모를 착용하고 장갑 상태를 확인하십시오. 이상이 있으면 즉시 정지합니다.'
const german = 'Vor dem Betreten der Halle müssen Schutzhelm und Handschuhe geprüft werden. Größe und Zustand zählen.'

const decode = (text: string, encoding: string, options?: { addBOM: boolean }) =>
  decodeText(iconv.encode(text, encoding, options)).text

describe('decodeText', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])(
    'reads %s with a byte order mark',
    (encoding) => {
      expect(decode(chinese, encoding, { addBOM: true })).toBe(chinese)
      expect(decode(german, encoding, { addBOM: true })).toBe(german)
    },
  )

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('reads %s without a mark', (encoding) => {
    expect(decode(chinese, encoding, { addBOM: false })).toBe(chinese)
    expect(decode(german, encoding, { addBOM: false })).toBe(german)
  })

  test.each([
    ['gb18030', chinese],
    ['gbk', chinese],
    ['big5', traditional],
    ['shift_jis', japanese],
    ['euc-jp', japanese],
    ['euc-kr', korean],
    ['windows-1252', german],
  ])('recognises %s', (encoding, text) => {
    expect(decode(text, encoding)).toBe(text)
  })

  test('recognises tables too small for statistics', () => {
    expect(decode('姓名,年龄,住址\n张三,30,北京\n', 'gb18030')).toBe('姓名,年龄,住址\n张三,30,北京\n')
    expect(decode('名前,年齢,住所\n佐藤太郎,30,東京\n', 'shift_jis')).toBe('名前,年齢,住所\n佐藤太郎,30,東京\n')
    expect(decode('## können\n\nnaïve café\n', 'latin1')).toBe('## können\n\nnaïve café\n')
  })

  test('believes a declaration only when the bytes agree', () => {
    expect(decodeText(iconv.encode(traditional, 'big5'), { declared: 'big5' }).encoding).toBe('big5')
    expect(decodeText(Buffer.from(chinese), { declared: 'gbk' }).text).toBe(chinese)
    expect(decodeText(iconv.encode(german, 'latin1'), { declared: 'no-such-encoding' }).text).toBe(german)
  })

  test('reads a long text that ends inside a character', () => {
    const bytes = Buffer.from(chinese.repeat(100))
    expect(decodeText(bytes.subarray(0, bytes.length - 1)).encoding).toBe('utf-8')
  })

  test('reads an older encoding behind a long preface in English', () => {
    const text = `${'The quick brown fox jumps over the lazy dog.\n'.repeat(3000)}${chinese}`
    for (const written of [text, text.replaceAll('\n', ' ')]) {
      expect(decode(written, 'gb18030').slice(-chinese.length)).toBe(chinese)
    }
  })

  test('loses no more than its neighbours to a damaged byte', () => {
    for (const encoding of ['utf-8', 'gb18030']) {
      const bytes = iconv.encode(chinese.repeat(20), encoding)
      bytes[301] = 0xff
      const { text, encoding: found } = decodeText(bytes)
      expect(found).toBe(encoding)
      expect(text.slice(-400)).toBe(chinese.repeat(20).slice(-400))
    }
  })

  test('takes accents of a Western text for what they are', () => {
    for (const text of ['Maschinenübersicht für Größen', 'Ça coûte 5 € à l’été', 'El niño comió piñas']) {
      expect(decode(text, 'windows-1252')).toBe(text)
    }
  })

  test('returns any text that was written as UTF-8', () => {
    const written = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0\uFEFF]/.test(text))
    fc.assert(fc.property(written, (text) => decodeText(Buffer.from(text)).text === text))
  })
})
