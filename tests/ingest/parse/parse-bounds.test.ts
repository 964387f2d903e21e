import { describe, expect, test } from 'vitest'
import type { Block, ParsedFile, Picture } from '../../../src/core/types.js'
import { bounds, withinBounds } from '../../../src/ingest/parse/parse-bounds.js'
import { parseReply } from '../../../src/ingest/parse/parse-messages.js'

const block: Block = { kind: 'paragraph', text: '正文', page: null, headingPath: ['标题'] }

function parsed(parts: Partial<ParsedFile>): ParsedFile {
  return {
    title: null,
    mediaType: 'text/plain',
    pageCount: null,
    blocks: [block],
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata: {},
    ...parts,
  }
}

const bounded = (parts: Partial<ParsedFile>) => withinBounds(parsed(parts), { fileName: 'a.txt' })

describe('withinBounds', () => {
  test('leaves a file as it is that keeps within them', () => {
    const file = parsed({ warnings: ['a'], metadata: { author: '王' }, members: [{ name: 'a', path: '/a' }] })
    expect(withinBounds(file, { fileName: 'a.txt' })).toEqual(file)
    expect(withinBounds(file, { fileName: 'a.txt' }).blocks[0]).toBe(block)
  })

  test('refuses more blocks than may be kept', () => {
    const blocks = Array<Block>(bounds.blocks + 1).fill(block)
    expect(() => bounded({ blocks })).toThrow(expect.objectContaining({ code: 'parse_failed' }))
  })

  test('clips headings above a block, and keeps the innermost of very many', () => {
    const [clipped] = bounded({ blocks: [{ ...block, headingPath: ['字'.repeat(5000)] }] }).blocks
    expect(clipped?.headingPath).toEqual(['字'.repeat(bounds.headingCharacters)])
    const many = Array.from({ length: 100 }, (_, index) => String(index))
    expect(bounded({ blocks: [{ ...block, headingPath: many }] }).blocks[0]?.headingPath).toEqual(many.slice(-32))
  })

  test('counts pictures and files that are too many as losses', () => {
    const page = (number: number): Picture => ({
      source: { kind: 'page', page: number },
      page: number,
      headingPath: [],
      at: 0,
      replaces: 0,
    })
    const pictures = Array.from({ length: bounds.pictures + 3 }, (_, index) => page(index + 1))
    const members = Array.from({ length: bounds.members + 5 }, (_, index) => ({ name: `${index}`, path: `/${index}` }))
    const file = bounded({ pictures, members })
    expect(file.pictures).toHaveLength(bounds.pictures)
    expect(file.members).toHaveLength(bounds.members)
    expect(file.losses).toMatchObject([
      { kind: 'page', count: 3, pages: [10_001, 10_002, 10_003] },
      { kind: 'member', count: 5, pages: [] },
    ])
  })

  test('sums up losses and warnings that are too many', () => {
    const losses = Array.from({ length: 300 }, (_, index) => ({
      kind: index % 2 === 0 ? ('image' as const) : ('formula' as const),
      count: 2,
      pages: [],
      reason: `reason ${index}`,
    }))
    const file = bounded({ losses, warnings: Array.from({ length: 250 }, (_, index) => `warning ${index}`) })
    expect(file.losses.reduce((total, { count }) => total + count, 0)).toBe(600)
    expect(file.losses).toHaveLength(bounds.losses + 2)
    expect(file.warnings).toHaveLength(bounds.warnings + 1)
    expect(file.warnings.at(-1)).toBe('and 150 more warnings')
  })

  test('clips what a file says of itself', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key ${index}`, index]))
    const file = bounded({ title: 'x'.repeat(9000), metadata: { long: 'y'.repeat(9000), none: Number.NaN, ...many } })
    expect(file.title).toHaveLength(bounds.noteCharacters)
    expect(file.metadata.long).toHaveLength(bounds.noteCharacters)
    expect(file.metadata.none).toBe('NaN')
    expect(Object.keys(file.metadata)).toHaveLength(bounds.metadata)
    expect(file.warnings).toEqual(['102 properties were left out'])
  })

  test('makes what the other side understands, also of the worst', () => {
    const reasons = ['page', 'image', 'formula', 'object', 'text', 'member'] as const
    const losses = Array.from({ length: 900 }, (_, index) => ({
      kind: reasons[index % reasons.length] ?? 'page',
      count: 1,
      pages: Array.from({ length: 200 }, (_, page) => page + 1),
      reason: 'r'.repeat(5000 + index),
    }))
    const warnings = Array.from({ length: 900 }, () => 'w'.repeat(5000))
    const { blocks: _, pictures: __, members: ___, ...summary } = bounded({ losses, warnings, title: 't'.repeat(5000) })
    const message = { type: 'parsed', id: 1, summary, rssBytes: 1 }
    expect(parseReply.safeParse(message).success).toBe(true)
  })
})
