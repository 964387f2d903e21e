import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import { attribute, childAt, childElements, elementsNamed, parseXml, textOf } from '../../../src/ingest/parsers/xml.js'

const read = (text: string | Uint8Array, limits = {}) => parseXml(Buffer.from(text), 'a.xml', limits)

describe('parseXml', () => {
  test('reads elements by their names without prefix, text, CDATA and character references', () => {
    const root = read(
      '<?xml version="1.0"?><a:x k="1" r:id="2"><b>一&lt;&#x4E8C;</b><!-- c --><a:b><![CDATA[<三>]]></a:b></a:x>',
    )
    expect(root.name).toBe('x')
    expect(childElements(root, 'b').map(textOf)).toEqual(['一<二', '<三>'])
    expect([attribute(root, 'k'), attribute(root, 'r:id'), attribute(root, 'id'), attribute(root, 'no')]).toEqual([
      '1',
      '2',
      '2',
      null,
    ])
  })

  test('finds elements by path and by name', () => {
    const root = read('<a><b/><b><c>1</c></b><d><c>2</c></d></a>')
    expect(childAt(root, 'b', 'c')?.children).toEqual(['1'])
    expect(childAt(root, 'b', 'd')).toBeNull()
    expect(elementsNamed(root, 'c').map(textOf)).toEqual(['1', '2'])
  })

  test('reads wide and older encodings', () => {
    const text = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>设备维护手册</a>`
    expect(textOf(read(iconv.encode(text('UTF-16'), 'utf-16le', { addBOM: true })))).toBe('设备维护手册')
    expect(textOf(read(iconv.encode(text('GB2312'), 'gbk')))).toBe('设备维护手册')
    expect(textOf(read(`\uFEFF${text('UTF-8')}`))).toBe('设备维护手册')
  })

  test.each([
    ['a DOCTYPE with entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', {}],
    ['a DOCTYPE elsewhere', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', {}],
    ['depth', '<a><a><a/></a></a>', { maxDepth: 2 }],
    ['many elements', '<a><b/><b/></a>', { maxElements: 2 }],
    ['length', '<a>0123456789</a>', { maxCharacters: 10 }],
  ])('refuses %s', (_, text, limits) => {
    expect(() => read(text, limits)).toThrow(expect.objectContaining({ code: 'archive_bomb' }))
  })

  test('lets through what is just within the limits', () => {
    expect(read('<a><a><a/></a></a>', { maxDepth: 3, maxElements: 3, maxCharacters: 18 }).name).toBe('a')
  })

  test.each(['', 'no XML', '<a>', '<a></b>', '<a>&unknown;</a>', '<a/><b/>', '<a b="1" b="2"/>'])(
    'names %j as damaged',
    (text) => {
      expect(() => read(text)).toThrow(
        expect.objectContaining({ code: 'file_corrupt', message: expect.stringContaining('a.xml') }),
      )
    },
  )

  test('throws nothing but its own errors, whatever the bytes are', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b c="',
      '"/>',
      '&',
      '&#0;',
      '<!DOCTYPE',
      '<![CDATA[',
      ']]>',
      '<?',
      '\0',
      '文',
      '<',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.array(piece).map((all) => Buffer.from(all.join(''))),
        ),
        (bytes) => {
          try {
            expect(typeof parseXml(bytes, 'a.xml').name).toBe('string')
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(InkstoneError)
          }
        },
      ),
    )
  })
})
