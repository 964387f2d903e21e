import { type Box, smallestBox } from './smallest-box.js'

/** What the detector says of each pixel: how likely it belongs to text, 0 to 1, rows from the top. */
export interface TextMap {
  width: number
  height: number
  probability: Float32Array
}

/** Of PP-OCR's differentiable binarisation (Liao et al., 2020) with the values of its published configuration. */
const leastProbability = 0.3
const leastMean = 0.6
/** The network marks the core of a line: by so much of its area over its outline the line is larger. */
const growth = 1.5
const leastSide = 3

/** The lines of text in a map, each as the smallest box around it, in pixels of the map. */
export function findTextBoxes({ width, height, probability }: TextMap): Box[] {
  const seen = new Uint8Array(width * height)
  const boxes: Box[] = []
  for (let start = 0; start < probability.length; start += 1) {
    if (seen[start] === 1 || (probability[start] ?? 0) <= leastProbability) continue
    const { outline, mean } = flood({ width, height, probability }, { start, seen })
    if (mean < leastMean) continue
    const core = smallestBox(outline)
    if (Math.min(core.width, core.height) < leastSide) continue
    boxes.push(grown(core))
  }
  return boxes
}

function grown(box: Box): Box {
  const distance = (box.width * box.height * growth) / (2 * (box.width + box.height))
  return { ...box, width: box.width + 2 * distance, height: box.height + 2 * distance }
}

/** Marks the pixels that hang together with `start`; returns the corners of its outermost ones in each row. */
function flood(
  { width, height, probability }: TextMap,
  { start, seen }: { start: number; seen: Uint8Array },
): { outline: [x: number, y: number][]; mean: number } {
  const rows = new Map<number, { left: number; right: number }>()
  const stack = [start]
  seen[start] = 1
  let sum = 0
  let count = 0
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const y = Math.floor(pixel / width)
    const x = pixel - y * width
    sum += probability[pixel] ?? 0
    count += 1
    const row = rows.get(y)
    if (row === undefined) rows.set(y, { left: x, right: x })
    else {
      row.left = Math.min(row.left, x)
      row.right = Math.max(row.right, x)
    }
    for (let nextY = Math.max(0, y - 1); nextY <= Math.min(height - 1, y + 1); nextY += 1) {
      for (let nextX = Math.max(0, x - 1); nextX <= Math.min(width - 1, x + 1); nextX += 1) {
        const next = nextY * width + nextX
        if (seen[next] === 1 || (probability[next] ?? 0) <= leastProbability) continue
        seen[next] = 1
        stack.push(next)
      }
    }
  }
  const outline: [number, number][] = [...rows].flatMap(([y, { left, right }]) => [
    [left, y],
    [right + 1, y],
    [left, y + 1],
    [right + 1, y + 1],
  ])
  return { outline, mean: sum / count }
}
