import { describe, expect, test } from 'vitest'
import type { Bitmap } from '../../../src/ingest/ocr/bitmap.js'
import { cropLine } from '../../../src/ingest/ocr/line-crop.js'

/** White, but for a red left half of the rectangle from (100, 40) to (300, 60). */
function picture(): Bitmap {
  const [width, height] = [400, 100]
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 40; y < 60; y += 1) {
    for (let x = 100; x < 200; x += 1) data.set([255, 0, 0, 255], (y * width + x) * 4)
  }
  return { width, height, data }
}

const at = ({ width, height, values }: ReturnType<typeof cropLine>, x: number, y: number) =>
  [0, 1, 2].map((plane) => values[plane * width * height + y * width + x])

describe('cropLine', () => {
  const box = { x: 200, y: 50, width: 200, height: 20, angle: 0 }

  test('is 48 pixels high, keeps the proportions, and has blue first', () => {
    const crop = cropLine(picture(), box)
    expect(crop).toMatchObject({ width: 480, height: 48 })
    expect(at(crop, 100, 24)).toEqual([-1, -1, 1])
    expect(at(crop, 400, 24)).toEqual([1, 1, 1])
  })

  test('is as wide as the network needs, in steps of 8', () => {
    expect(cropLine(picture(), { ...box, width: 3 }).width).toBe(8)
    expect(cropLine(picture(), { ...box, width: 101 }).width % 8).toBe(0)
    expect(cropLine(picture(), { ...box, width: 400, height: 1 }).width).toBeLessThanOrEqual(4096)
  })

  test('reads a tall box down or up', () => {
    const { width: across, height: down, data } = picture()
    const lying: Bitmap = { width: down, height: across, data: new Uint8Array(data.length) }
    for (let y = 0; y < across; y += 1) {
      for (let x = 0; x < down; x += 1) {
        lying.data.set(data.subarray((x * across + y) * 4, (x * across + y) * 4 + 4), (y * down + x) * 4)
      }
    }
    const tall = { x: 50, y: 200, width: 20, height: 200, angle: 0 }
    expect(at(cropLine(lying, tall, 'down'), 100, 24)).toEqual([-1, -1, 1])
    expect(at(cropLine(lying, tall, 'up'), 400, 24)).toEqual([-1, -1, 1])
    expect(at(cropLine(lying, tall, 'up'), 100, 24)).toEqual([1, 1, 1])
  })

  test('goes on with the edge outside the picture', () => {
    const crop = cropLine(picture(), { x: 0, y: 0, width: 100, height: 40, angle: 0 })
    expect([...crop.values].every((value) => value === 1)).toBe(true)
  })
})
