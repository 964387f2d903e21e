import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CountedUnit, packer, packSection } from '../../../src/ingest/chunk/pack.js'

const kinds = ['paragraph', 'list', 'table', 'code', 'footnote', 'caption', 'heading'] as const

/** Units of one section: no pages, no parting headings. */
const section = fc
  .array(
    fc.record({ kind: fc.constantFrom(...kinds), tokens: fc.integer({ min: 1, max: 130 }), opens: fc.boolean() }),
    {
      maxLength: 120,
    },
  )
  .map((drafts) => {
    let block = 0
    return drafts.map(({ kind, tokens, opens }, index): CountedUnit => {
      if (opens) block += 1
      const span = { start: index * 10, end: index * 10 + 9 }
      const leads = kind === 'heading' || (kind === 'caption' && opens)
      const level = kind === 'heading' ? { level: 3 } : {}
      return { span, page: null, kind, headingPath: [], block, leads, tokens, ...level }
    })
  })

const options = { maxTokens: 120, minTokens: 12, overlapTokens: 30 }
const startsOf = (chunks: CountedUnit[][]) => chunks.map((chunk) => [chunk[0]?.span.start, chunk.at(-1)?.span.end])

describe('packer', () => {
  test('packs units that come one by one as it would pack them all at once', () => {
    fc.assert(
      fc.property(section, (units) => {
        const pack = packer(options)
        const chunks = units.flatMap((unit) => pack.add(unit))
        expect(startsOf([...chunks, ...pack.end()])).toEqual(startsOf(packSection(units, options)))
      }),
      { numRuns: 500 },
    )
  })

  test('gives a chunk away as soon as nothing that comes can change it', () => {
    const pack = packer(options)
    const unit = (index: number): CountedUnit => ({
      span: { start: index, end: index + 1 },
      page: null,
      kind: 'paragraph',
      headingPath: [],
      block: index,
      leads: false,
      tokens: 40,
    })
    const waiting: number[] = []
    let open = 0
    for (let index = 0; index < 100; index += 1) {
      open += 1 - new Set(pack.add(unit(index)).flat()).size
      waiting.push(open)
    }
    expect(Math.max(...waiting)).toBeLessThan(20)
  })
})
