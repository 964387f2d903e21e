import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxAround, type Frame, toShown, toUpright } from '../../../../src/ingest/parsers/pdf/pdf-frame.js'

describe('toShown', () => {
  test('undoes toUpright for every turn', () => {
    const frame = fc.record({
      width: fc.constant(600),
      height: fc.constant(800),
      turns: fc.nat(3),
      isMirrored: fc.boolean(),
    })
    const corner = fc.record({ x: fc.integer({ min: 0, max: 500 }), y: fc.integer({ min: 0, max: 700 }) })
    fc.assert(
      fc.property(frame, corner, (seen, { x, y }) => {
        const [one, other] = [toUpright({ x, y }, seen), toUpright({ x: x + 40, y: y + 20 }, seen)]
        const box = boxAround([one, other].map((point) => ({ ...point, width: 0, height: 0 })))
        expect(toShown(box, seen)).toEqual({ x, y, width: 40, height: 20 })
      }),
    )
  })

  test('stays on the page', () => {
    const frame: Frame = { width: 600, height: 800, turns: 0, isMirrored: false }
    expect(toShown({ x: -5, y: 790, width: 20, height: 30 }, frame)).toEqual({ x: 0, y: 790, width: 15, height: 10 })
  })
})
