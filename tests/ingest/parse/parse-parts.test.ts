import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block, ParsedFile, Picture } from '../../../src/core/types.js'
import { type ParsePart, type ParseReply, parseReply } from '../../../src/ingest/parse/parse-messages.js'
import { partCollector, partsOf } from '../../../src/ingest/parse/parse-parts.js'

const path = fc.array(fc.constantFrom('', '标题', 'a', '\ud83d\ude00', 'a much longer heading'), { maxLength: 4 })
const text = fc.string({ unit: fc.constantFrom('字', 'a', '\n', '\ud83d', '\ude00', '\0'), maxLength: 40 })
const page = fc.option(fc.integer({ min: 1, max: 9 }), { nil: null })
const side = fc.double({ noNaN: true, noDefaultInfinity: true })

const block: fc.Arbitrary<Block> = fc.record(
  {
    kind: fc.constantFrom('heading', 'paragraph', 'table', 'list', 'code', 'caption', 'footnote', 'ocr'),
    text,
    page,
    headingPath: path,
    level: fc.integer({ min: 1, max: 6 }),
    bbox: fc.record({ x: side, y: side, width: side, height: side }, { noNullPrototype: true }),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: ['kind', 'text', 'page', 'headingPath'], noNullPrototype: true },
)

const pictureSource: fc.Arbitrary<Picture['source']> = fc.oneof(
  fc.record({ kind: fc.constant('page' as const), page: fc.integer({ min: 1 }) }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('file' as const), path: fc.string() }, { noNullPrototype: true }),
)

const file: fc.Arbitrary<ParsedFile> = fc.array(block, { maxLength: 30 }).chain((blocks) =>
  fc.record(
    {
      title: fc.constant(null),
      mediaType: fc.constant('text/plain'),
      pageCount: fc.constant(null),
      blocks: fc.constant(blocks),
      pictures: fc
        .array(fc.tuple(pictureSource, page, path, fc.integer({ min: 0, max: blocks.length })), { maxLength: 20 })
        .map((all) =>
          all
            .map(([source, page, headingPath, at]) => ({ source, page, headingPath, at, replaces: 0 }))
            .sort((one, other) => one.at - other.at),
        ),
      members: fc.array(
        fc.record({ name: fc.string({ minLength: 1 }), path: fc.string() }, { noNullPrototype: true }),
        { maxLength: 20 },
      ),
      losses: fc.constant([]),
      warnings: fc.constant([]),
      metadata: fc.constant({}),
    },
    { noNullPrototype: true },
  ),
)

const limits = fc.record({ maxItems: fc.integer({ min: 1, max: 12 }), maxCharacters: fc.integer({ min: 1, max: 50 }) })

/** What the other side understands of a part, after the way over the line. */
function received(part: object) {
  const { data } = parseReply.safeParse(structuredClone({ ...part, id: 1 }))
  const isPart = (reply: ParseReply | undefined): reply is Extract<ParseReply, ParsePart> =>
    reply !== undefined && ['blocks', 'text', 'pictures', 'members'].includes(reply.type)
  if (!isPart(data)) throw new Error('not understood')
  return data
}

function summaryOf({ blocks: _, pictures: __, members: ___, ...summary }: ParsedFile) {
  return summary
}

describe('partsOf and partCollector', () => {
  test('what is put together is what was cut, whatever the blocks and the size of the parts', () => {
    fc.assert(
      fc.property(file, limits, (whole, sizes) => {
        const collector = partCollector()
        for (const part of partsOf(whole, sizes)) collector.add(received(part))
        expect(collector.finish(summaryOf(whole))).toEqual(whole)
      }),
    )
  })

  test('no part holds more than it may', () => {
    fc.assert(
      fc.property(file, limits, (whole, sizes) => {
        for (const part of partsOf(whole, sizes)) {
          if (part.type === 'text') expect(part.text.length).toBeLessThanOrEqual(sizes.maxCharacters)
          if (part.type === 'pictures') expect(part.pictures.length).toBeLessThanOrEqual(sizes.maxItems)
          if (part.type === 'members') expect(part.members.length).toBeLessThanOrEqual(sizes.maxItems)
          if (part.type !== 'blocks' || part.blocks.length === 1) continue
          expect(part.blocks.length).toBeLessThanOrEqual(sizes.maxItems)
          const characters = part.blocks.flatMap(({ text, headingPath }) => [text, ...headingPath]).join('').length
          const last = part.blocks.at(-1)?.text.length ?? 0
          // Only a block that is too long by itself may make a part too long.
          expect(characters <= sizes.maxCharacters || last === sizes.maxCharacters).toBe(true)
        }
      }),
    )
  })
})

describe('partCollector', () => {
  const paragraph = (text: string, headingPath: string[] = []): Block => ({
    kind: 'paragraph',
    text,
    page: null,
    headingPath,
  })
  const summary = { title: null, mediaType: 'text/plain', pageCount: null, losses: [], warnings: [], metadata: {} }
  const picture = (at: number, replaces = 0): Picture => ({
    source: { kind: 'page', page: 1 },
    page: 1,
    headingPath: [],
    at,
    replaces,
  })

  test('keeps the headings of neighbours once', () => {
    const collector = partCollector()
    collector.add({ type: 'blocks', blocks: [paragraph('a', ['一']), paragraph('b', ['一'])] })
    const [first, second] = collector.finish(summary).blocks
    expect(second?.headingPath).toBe(first?.headingPath)
  })

  test('takes no more text than may be kept, and counts repeated headings once', () => {
    const collector = partCollector({ maxCharacters: 10 })
    const blocks = ['a', 'b', 'c'].map((text) => paragraph(text, ['heading']))
    expect(() => collector.add({ type: 'blocks', blocks })).not.toThrow()
    expect(() => collector.add({ type: 'text', text: 'd' })).toThrow(expect.objectContaining({ code: 'parse_failed' }))
  })

  test('refuses text that belongs to no block', () => {
    expect(() => partCollector().add({ type: 'text', text: 'a' })).toThrow(
      expect.objectContaining({ code: 'parse_failed' }),
    )
  })

  test.each([
    ['stand behind the last block', [picture(3)]],
    ['replace blocks that are not there', [picture(1, 2)]],
    ['are not in order', [picture(2), picture(1)]],
  ])('refuses pictures that %s', (_, pictures) => {
    const collector = partCollector()
    collector.add({ type: 'blocks', blocks: [paragraph('a'), paragraph('b')] })
    collector.add({ type: 'pictures', pictures })
    expect(() => collector.finish(summary)).toThrow(expect.objectContaining({ code: 'parse_failed' }))
  })
})
