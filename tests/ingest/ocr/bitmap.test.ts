import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bitmap, type Turn, turned, turnedBack } from '../../../src/ingest/ocr/bitmap.js'

/** Pixels numbered from 1 in their red value. */
const numbered = (width: number, height: number): Bitmap => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 4 }, (_, index) => (index % 4 === 0 ? index / 4 + 1 : 255)),
})
const numbersOf = ({ data }: Bitmap) => [...data].filter((_, index) => index % 4 === 0)
const size = fc.integer({ min: 1, max: 7 })
const turns: Turn[] = [0, 1, 2, 3]

describe('turned', () => {
  test('turns clockwise', () => {
    const bitmap = numbered(3, 2)
    expect(numbersOf(turned(bitmap, 1))).toEqual([4, 1, 5, 2, 6, 3])
    expect(turned(bitmap, 1)).toMatchObject({ width: 2, height: 3 })
    expect(numbersOf(turned(bitmap, 2))).toEqual([6, 5, 4, 3, 2, 1])
    expect(numbersOf(turned(bitmap, 3))).toEqual([3, 6, 2, 5, 1, 4])
  })

  test('is where it was after four quarters, however they are taken', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom(...turns), (width, height, turn) => {
        const bitmap = numbered(width, height)
        let again = bitmap
        for (let quarter = 0; quarter < 4; quarter += 1) again = turned(again, 1)
        expect(numbersOf(again)).toEqual(numbersOf(bitmap))
        let quarters = bitmap
        for (let quarter = 0; quarter < turn; quarter += 1) quarters = turned(quarters, 1)
        expect(turned(bitmap, turn)).toEqual(quarters)
      }),
    )
  })
})

describe('turnedBack', () => {
  test('finds a rectangle of the turned picture in the picture as it was', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom(...turns), fc.nat(), (width, height, turn, which) => {
        const bitmap = numbered(width, height)
        const other = turned(bitmap, turn)
        const pixel = which % (width * height)
        const there = { x: pixel % other.width, y: Math.floor(pixel / other.width), width: 1, height: 1 }
        const { x, y } = turnedBack(there, turn, bitmap)
        expect(numbersOf(bitmap)[y * width + x]).toBe(numbersOf(other)[pixel])
      }),
    )
  })

  test('swaps the sides of a rectangle when it lies', () => {
    const there = { x: 10, y: 20, width: 30, height: 5 }
    expect(turnedBack(there, 1, { width: 200, height: 100 })).toEqual({ x: 20, y: 60, width: 5, height: 30 })
    expect(turnedBack(there, 3, { width: 200, height: 100 })).toEqual({ x: 175, y: 10, width: 5, height: 30 })
    expect(turnedBack(there, 2, { width: 200, height: 100 })).toEqual({ x: 160, y: 75, width: 30, height: 5 })
  })
})
