import { describe, expect, test } from 'vitest'
import { plainTextParser } from '../../../src/ingest/parsers/plain-text.js'
import { parseContext } from '../../support/parse-context.js'

const parse = async (source: string) => {
  const { blocks } = await plainTextParser().parse(Buffer.from(source), parseContext('a.txt'))
  return blocks.map(({ kind, text, headingPath }) => [kind, text, headingPath.join('>')])
}

describe('plainTextParser', () => {
  test('parts paragraphs at blank lines and keeps their lines', async () => {
    expect(await parse('one\ntwo\r\n\r\n\r\nthree\0')).toEqual([
      ['paragraph', 'one\ntwo', ''],
      ['paragraph', 'three', ''],
    ])
  })

  test('takes numbered lines for headings, and articles of a statute for text', async () => {
    expect(
      await parse('第一编 总则\n第一章 基本规定\n第一条 为了保护劳动者，制定本法。\n\n1.2 Scope\n\nText.'),
    ).toEqual([
      ['heading', '第一编 总则', ''],
      ['heading', '第一章 基本规定', '第一编 总则'],
      ['paragraph', '第一条 为了保护劳动者，制定本法。', '第一编 总则>第一章 基本规定'],
      ['heading', '1.2 Scope', '第一编 总则'],
      ['paragraph', 'Text.', '第一编 总则>1.2 Scope'],
    ])
  })

  test('parts Chinese paragraphs without blank lines', async () => {
    expect(await parse('　　第一段。\n　　第二段。\n')).toHaveLength(2)
  })
})
