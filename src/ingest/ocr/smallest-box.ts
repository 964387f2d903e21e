/** A box that may lean: its centre, its sides, and by how much it is turned clockwise, in radians. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
  angle: number
}

type Point = readonly [x: number, y: number]

/** What is hardly longer than high has no direction that could be told from its outline. */
const leastElongation = 1.5

/** The box of the smallest area around the points (one side of it lies on their convex hull), leaning at most 45°. */
export function smallestBox(points: readonly Point[]): Box {
  const hull = convexHull(points)
  const upright = boxAt(hull, 0)
  let best = upright
  for (const [index, [x, y]] of hull.entries()) {
    const [nextX, nextY] = hull[(index + 1) % hull.length] ?? [x, y]
    const box = boxAt(hull, uprightAngle(Math.atan2(nextY - y, nextX - x)))
    if (box.width * box.height < best.width * best.height) best = box
  }
  const elongation = Math.max(best.width, best.height) / Math.min(best.width, best.height)
  return elongation < leastElongation ? upright : best
}

/** The upright rectangle around a box, by its upper left corner. */
export function boundsOf({ x, y, width, height, angle }: Box): { x: number; y: number; width: number; height: number } {
  const [cosine, sine] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const [acrossX, acrossY] = [width * cosine + height * sine, width * sine + height * cosine]
  return { x: x - acrossX / 2, y: y - acrossY / 2, width: acrossX, height: acrossY }
}

/** The same direction or one at right angles to it, between -45° and 45°. */
function uprightAngle(angle: number): number {
  return angle - Math.round(angle / (Math.PI / 2)) * (Math.PI / 2)
}

function boxAt(points: readonly Point[], angle: number): Box {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of points) {
    const along = x * cosine + y * sine
    const down = y * cosine - x * sine
    left = Math.min(left, along)
    right = Math.max(right, along)
    top = Math.min(top, down)
    bottom = Math.max(bottom, down)
  }
  const [along, down] = [(left + right) / 2, (top + bottom) / 2]
  return {
    x: along * cosine - down * sine,
    y: along * sine + down * cosine,
    width: right - left,
    height: bottom - top,
    angle,
  }
}

/** Andrew's monotone chain, 1979. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const lower = chain(sorted)
  const upper = chain(sorted.reverse())
  return [...lower.slice(0, -1), ...upper.slice(0, -1)]
}

function chain(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    for (let [before, last] = kept.slice(-2); before && last; [before, last] = kept.slice(-2)) {
      const cross = (last[0] - before[0]) * (point[1] - before[1]) - (last[1] - before[1]) * (point[0] - before[0])
      if (cross > 0) break
      kept.pop()
    }
    kept.push(point)
  }
  return kept
}
