import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Point } from './pdf-frame.js'

export interface Path {
  /** It only sets the region in which other things are painted. */
  isInvisible: boolean
  points: number
  /** Straight lines that are drawn. */
  strokes: { from: Point; to: Point }[]
  /** Filled rectangles, by two opposite corners: a thin one looks like a line. */
  bars: { from: Point; to: Point }[]
}

/** pdf.js's codes inside a path, each followed by its coordinates. */
const move = 0
const line = 1
const curve = 2
const stroking = new Set<number>([
  OPS.stroke,
  OPS.closeStroke,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
])
/** Longer paths are drawings. */
const longestPath = 2000

/** Reads the arguments of pdf.js's `constructPath`: what is done with the path, its coordinates and their bounds. */
export function readPath(args: unknown): Path | null {
  if (!Array.isArray(args)) return null
  const operation: unknown = args[0]
  const data: unknown = Array.isArray(args[1]) ? args[1][0] : null
  const isInvisible = operation === OPS.endPath
  const numbers = data instanceof Float32Array ? data : new Float32Array()
  const path: Path = { isInvisible, points: Math.ceil(numbers.length / 3), strokes: [], bars: [] }
  if (isInvisible || numbers.length > longestPath) return path
  const isStroked = typeof operation === 'number' && stroking.has(operation)
  for (const points of straightParts(numbers)) {
    if (isStroked) path.strokes.push(...segments(points))
    else path.bars.push(...bar(points))
  }
  return path
}

/** The points of each part of a path; parts with curves are left out. */
function straightParts(data: Float32Array): Point[][] {
  const parts: { points: Point[]; isStraight: boolean }[] = []
  for (let index = 0; index < data.length; ) {
    const code = data[index]
    const point = { x: data[index + 1] ?? 0, y: data[index + 2] ?? 0 }
    const open = parts.at(-1)
    if (code === move) {
      parts.push({ points: [point], isStraight: true })
      index += 3
    } else if (code === line) {
      open?.points.push(point)
      index += 3
    } else if (code === curve) {
      if (open !== undefined) open.isStraight = false
      index += 7
    } else {
      const first = open?.points[0]
      if (first !== undefined) open?.points.push(first)
      index += 1
    }
  }
  return parts.filter((part) => part.isStraight).map((part) => part.points)
}

function segments(points: readonly Point[]): { from: Point; to: Point }[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index]
    return from === undefined ? [] : [{ from, to }]
  })
}

function bar(points: readonly Point[]): { from: Point; to: Point }[] {
  const [first, , third] = points
  if (first === undefined || third === undefined || points.length < 4 || points.length > 6) return []
  const isCorner = ({ x, y }: Point) => (x === first.x || x === third.x) && (y === first.y || y === third.y)
  return points.every(isCorner) ? [{ from: first, to: third }] : []
}
