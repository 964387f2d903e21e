import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundsOf, smallestBox } from '../../../src/ingest/ocr/smallest-box.js'

const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 })), {
  minLength: 3,
  maxLength: 40,
})

describe('smallestBox', () => {
  test('finds a level line', () => {
    const box = smallestBox([
      [10, 20],
      [110, 20],
      [10, 40],
      [110, 40],
    ])
    expect(box).toEqual({ x: 60, y: 30, width: 100, height: 20, angle: 0 })
  })

  test('finds a line that leans', () => {
    const angle = 0.2
    const turn = (x: number, y: number): [number, number] => [
      200 + x * Math.cos(angle) - y * Math.sin(angle),
      100 + x * Math.sin(angle) + y * Math.cos(angle),
    ]
    const box = smallestBox([turn(-80, -10), turn(80, -10), turn(80, 10), turn(-80, 10), turn(0, 3)])
    expect(box.x).toBeCloseTo(200)
    expect(box.y).toBeCloseTo(100)
    expect(box.width).toBeCloseTo(160)
    expect(box.height).toBeCloseTo(20)
    expect(box.angle).toBeCloseTo(angle)
  })

  test('gives no direction to what is hardly longer than high', () => {
    expect(
      smallestBox([
        [10, 0],
        [20, 10],
        [10, 20],
        [0, 10],
      ]).angle,
    ).toBe(0)
  })

  test('holds every point, leans at most 45° and is never larger than the level box', () => {
    fc.assert(
      fc.property(points, (all) => {
        const box = smallestBox(all)
        expect(Math.abs(box.angle)).toBeLessThanOrEqual(Math.PI / 4 + 1e-9)
        for (const [x, y] of all) {
          const [dx, dy] = [x - box.x, y - box.y]
          const along = dx * Math.cos(box.angle) + dy * Math.sin(box.angle)
          const down = dy * Math.cos(box.angle) - dx * Math.sin(box.angle)
          expect(Math.abs(along)).toBeLessThanOrEqual(box.width / 2 + 1e-6)
          expect(Math.abs(down)).toBeLessThanOrEqual(box.height / 2 + 1e-6)
        }
        const xs = all.map(([x]) => x)
        const ys = all.map(([, y]) => y)
        const level = (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys))
        expect(box.width * box.height).toBeLessThanOrEqual(level + 1e-6)
      }),
    )
  })
})

describe('boundsOf', () => {
  test('surrounds a box that leans', () => {
    const { x, y, width, height } = boundsOf({ x: 100, y: 100, width: 60, height: 20, angle: Math.PI / 6 })
    expect(width).toBeCloseTo(60 * Math.cos(Math.PI / 6) + 20 * 0.5)
    expect(height).toBeCloseTo(60 * 0.5 + 20 * Math.cos(Math.PI / 6))
    expect(x + width / 2).toBeCloseTo(100)
    expect(y + height / 2).toBeCloseTo(100)
  })
})
