import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Box, readingOrder } from '../../../../src/ingest/parsers/pdf/reading-order.js'

const at = (name: string, left: number, top: number, width = 100, height = 20) => ({
  name,
  box: { left, top, width, height },
})
const namesOf = (parts: readonly { name: string; box: Box | null }[]) =>
  readingOrder(parts)
    .map((part) => part.name)
    .join(' ')

describe('readingOrder', () => {
  test('goes row by row where the rows stand apart', () => {
    expect(namesOf([at('d', 200, 52), at('b', 200, 0), at('c', 0, 50), at('a', 0, 3)])).toBe('a b c d')
  })

  test('goes column by column where a tall part stands beside others', () => {
    expect(namesOf([at('right', 200, 0, 100, 300), at('low', 0, 100), at('high', 0, 0)])).toBe('high low right')
    expect(namesOf([at('c', 200, 60), at('b', 200, 0), at('a', 0, 0, 100, 300)])).toBe('a b c')
  })

  test('does not mind frames that overlap a little', () => {
    const row = (names: [string, string], top: number) => [
      at(names[0], 0, top, 100, 100),
      at(names[1], 200, top, 100, 100),
    ]
    expect(namesOf([...row(['c', 'd'], 95), ...row(['a', 'b'], 0)])).toBe('a b c d')
  })

  test('takes the upper first where nothing divides the parts, and what has no place last', () => {
    const parts = [{ name: 'none', box: null }, at('low', 0, 50, 300, 100), at('high', 100, 0, 100, 100)]
    expect(namesOf(parts)).toBe('high low none')
  })

  test('loses nothing, and does not depend on the order given', () => {
    const box = fc.record({ left: fc.nat(50), top: fc.nat(50), width: fc.nat(30), height: fc.nat(30) })
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.option(box), { maxLength: 12, selector: (one) => JSON.stringify(one) }),
        (boxes) => {
          const parts = boxes.map((one) => ({ box: one }))
          const ordered = readingOrder(parts)
          expect(new Set(ordered)).toEqual(new Set(parts))
          expect(ordered.length).toBe(parts.length)
          const places = (all: readonly { box: Box | null }[]) => all.map((part) => [part.box?.top, part.box?.left])
          expect(places(readingOrder(parts.toReversed()))).toEqual(places(ordered))
        },
      ),
    )
  })
})
