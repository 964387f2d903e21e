import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InkstoneError } from '../../../src/core/errors.js'
import type { Parser } from '../../../src/core/ports.js'
import { epubParser } from '../../../src/ingest/parsers/epub.js'
import { odfParser } from '../../../src/ingest/parsers/odf/odf.js'
import { pptxParser } from '../../../src/ingest/parsers/pptx/pptx.js'
import { parseContext } from '../../support/parse-context.js'
import { epubParts } from '../fixtures/epub.js'
import { odtParts } from '../fixtures/odf.js'
import { cell, graphic, p, pptxParts, shape, title } from '../fixtures/pptx.js'
import { makeZip, type ZipEntry } from '../fixtures/zip.js'

const slide = title('一') + shape(p('二')) + graphic(`<a:tbl><a:tr>${cell('三', 'gridSpan="2"')}</a:tr></a:tbl>`)
const body =
  '<text:h text:outline-level="1">一</text:h><text:list><text:list-item><text:p>二</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>三</text:p></table:table-cell></table:table-row></table:table>'
const kinds: [string, Parser, ZipEntry[]][] = [
  ['pptxParser', pptxParser(), pptxParts([{ shapes: slide, notes: shape(p('四'), { ph: 'type="body"' }) }])],
  ['odfParser', odfParser(), odtParts(body)],
  [
    'epubParser',
    epubParser(),
    epubParts([{ name: 'a.xhtml', body: '<h1>一</h1><table><tr><td>二</td></tr></table>' }]),
  ],
]

async function isReadOrRefused(parser: Parser, bytes: Uint8Array) {
  try {
    const { blocks } = await parser.parse(bytes, parseContext('a'))
    expect(Array.isArray(blocks)).toBe(true)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(InkstoneError)
  }
}

describe.each(kinds)('%s', (_, parser, parts) => {
  const whole = makeZip(parts)

  test('throws nothing but its own errors on random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) => isReadOrRefused(parser, bytes)))
  })

  test('throws nothing but its own errors on a file that was cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), (length) => isReadOrRefused(parser, whole.subarray(0, length))),
    )
  })

  test('throws nothing but its own errors on a file with changed bytes', async () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const bytes = new Uint8Array(whole)
        for (const [at, value] of changes) bytes[at] = value
        await isReadOrRefused(parser, bytes)
      }),
    )
  })

  test('throws nothing but its own errors when parts of its XML are missing or stand elsewhere', async () => {
    const cut = fc.record({
      part: fc.nat(parts.length - 1),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(60),
    })
    await fc.assert(
      fc.asyncProperty(cut, async ({ part, from, length }) => {
        const changed = parts.map((entry, index) => {
          const text = String(entry.content)
          const at = Math.floor(from * text.length)
          // Whole tags: what is left is often still well-formed.
          const start = text.indexOf('<', at)
          const end = text.indexOf('>', start + length) + 1
          return index === part && start !== -1 && end > start
            ? { ...entry, content: text.slice(0, start) + text.slice(end) }
            : entry
        })
        await isReadOrRefused(parser, makeZip(changed))
      }),
    )
  })
})
