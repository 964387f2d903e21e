import { describe, expect, test } from 'vitest'
import { textMediaType } from '../../../src/ingest/parse/text-media-type.js'

const typeOf = (text: string, extension = '') => textMediaType(text, extension).mediaType

describe('textMediaType', () => {
  test('takes web pages that were exported under the names of office files for web pages', () => {
    expect(typeOf('<table border="1"><tr><td>泵</td></tr></table>', 'xls')).toBe('text/html')
    expect(typeOf('<meta charset="gbk"><style>td{}</style><table></table>', 'doc')).toBe('text/html')
    expect(typeOf('\n<!-- saved -->\n<HTML xmlns:x="x">', 'et')).toBe('text/html')
    expect(typeOf('<div>{name}</div>', 'txt')).toBe('text/plain')
  })

  test('tells drawings and other XML apart', () => {
    expect(typeOf('<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x"/>')).toBe('image/svg+xml')
    expect(typeOf('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<svg/>')).toBe('image/svg+xml')
    expect(typeOf('<?xml version="1.0"?><facts/>', 'txt')).toBe('application/xml')
    expect(typeOf('<rss version="2.0"/>', 'rss')).toBe('application/xml')
    expect(typeOf('no markup at all', 'xml')).toBe('text/plain')
  })

  test('knows mails by their fields, and by two of them where the name says so', () => {
    expect(typeOf('Received: from a\nFrom: a@b.cn\nTo: c@d.cn\n\nHello')).toBe('message/rfc822')
    expect(typeOf('From: a@b.cn\nSubject: 会议\n\n请参加', 'eml')).toBe('message/rfc822')
    expect(typeOf('From: a@b.cn\nSubject: 会议\n\n请参加', 'txt')).toBe('text/plain')
  })

  test('goes by the name where nothing else is said, and reads anything unknown as plain text', () => {
    for (const [extension, type] of [
      ['tsv', 'text/csv'],
      ['org', 'text/x-org'],
      ['jsonl', 'application/json'],
      ['yaml', 'text/x-source'],
      ['st', 'text/x-source'],
      ['log', 'text/plain'],
      ['vcf', 'text/plain'],
      ['whatever', 'text/plain'],
    ] as const) {
      expect(typeOf('one two three', extension), extension).toBe(type)
    }
    expect(typeOf('  {\\rtf1 x}')).toBe('application/rtf')
  })

  test('reads text with zero bytes between, and knows what is no text', () => {
    expect(typeOf('10:00 started\0\0\0\0\n10:05 stopped\n')).toBe('text/plain')
    expect(typeOf('\0'.repeat(100))).toBeNull()
    expect(typeOf('\u0001\u0002\u0003\uFFFD'.repeat(10))).toBeNull()
  })
})
