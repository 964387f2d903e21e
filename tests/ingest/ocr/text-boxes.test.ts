import { describe, expect, test } from 'vitest'
import { findTextBoxes } from '../../../src/ingest/ocr/text-boxes.js'

const [width, height] = [200, 100]

/** A map with the given probability in each of the rectangles. */
function mapOf(rectangles: readonly { x: number; y: number; width: number; height: number; probability?: number }[]) {
  const probability = new Float32Array(width * height)
  for (const each of rectangles) {
    for (let y = each.y; y < each.y + each.height; y += 1) {
      probability.fill(each.probability ?? 0.9, y * width + each.x, y * width + each.x + each.width)
    }
  }
  return { width, height, probability }
}

describe('findTextBoxes', () => {
  test('finds each line, a little larger than its core', () => {
    const boxes = findTextBoxes(
      mapOf([
        { x: 20, y: 20, width: 100, height: 8 },
        { x: 20, y: 60, width: 50, height: 8 },
      ]),
    )
    expect(boxes).toHaveLength(2)
    const [first] = boxes
    expect(first).toMatchObject({ x: 70, y: 24, angle: 0 })
    // The published unclip ratio: area × 1.5 / outline on each side.
    expect(first?.height).toBeCloseTo(8 + 2 * ((100 * 8 * 1.5) / 216))
  })

  test('leaves out specks and what the network is not sure of', () => {
    const boxes = findTextBoxes(
      mapOf([
        { x: 5, y: 5, width: 2, height: 2 },
        { x: 20, y: 20, width: 100, height: 8, probability: 0.4 },
        { x: 20, y: 60, width: 100, height: 8, probability: 0.2 },
      ]),
    )
    expect(boxes).toEqual([])
  })

  test('takes what touches only at a corner for one line', () => {
    const boxes = findTextBoxes(
      mapOf([
        { x: 20, y: 20, width: 50, height: 8 },
        { x: 70, y: 28, width: 50, height: 8 },
      ]),
    )
    expect(boxes).toHaveLength(1)
  })

  test('finds nothing on an empty map', () => {
    expect(findTextBoxes(mapOf([]))).toEqual([])
  })
})
