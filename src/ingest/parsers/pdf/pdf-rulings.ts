import { type Frame, toUpright } from './pdf-frame.js'

/** A straight line along an axis, in points: `at` across its direction, `from` and `to` along it. */
export interface Ruling {
  isVertical: boolean
  at: number
  from: number
  to: number
}

/** Rulings that touch each other. */
export interface Lattice {
  horizontal: Ruling[]
  vertical: Ruling[]
}

/** Lines of one border are drawn a little apart, and end a little before or behind the line they meet. */
export const tolerance = 3
/** Above, the page is a drawing or a map. */
const mostPairs = 1_000_000

/** Brings rulings of the page as it is shown into the frame in which its text is upright. */
export function uprightRulings(rulings: readonly Ruling[], frame: Frame): Ruling[] {
  return rulings.map(({ isVertical, at, from, to }) => {
    const one = toUpright(isVertical ? { x: at, y: from } : { x: from, y: at }, frame)
    const other = toUpright(isVertical ? { x: at, y: to } : { x: to, y: at }, frame)
    const turned = frame.turns % 2 === 0 ? isVertical : !isVertical
    return turned
      ? { isVertical: true, at: one.x, from: Math.min(one.y, other.y), to: Math.max(one.y, other.y) }
      : { isVertical: false, at: one.y, from: Math.min(one.x, other.x), to: Math.max(one.x, other.x) }
  })
}

/** Joins pieces that go on in one line, as the borders of neighbouring cells do. */
export function joinRulings(rulings: readonly Ruling[]): Ruling[] {
  const joined: Ruling[] = []
  const sorted = [...rulings].sort((one, other) => one.at - other.at)
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    const first = sorted[start]?.at ?? 0
    while (end < sorted.length && (sorted[end]?.at ?? 0) - first <= tolerance / 2) end += 1
    joined.push(...joinAlong(sorted.slice(start, end)))
    start = end
  }
  return joined
}

function joinAlong(pieces: Ruling[]): Ruling[] {
  const joined: Ruling[] = []
  for (const piece of pieces.sort((one, other) => one.from - other.from)) {
    const last = joined.at(-1)
    if (last !== undefined && piece.from <= last.to + tolerance) last.to = Math.max(last.to, piece.to)
    else joined.push({ ...piece })
  }
  return joined
}

/** Groups of rulings that cross or touch, directly or through others. */
export function lattices(rulings: readonly Ruling[]): Lattice[] {
  const horizontal = joinRulings(rulings.filter((ruling) => !ruling.isVertical))
  const vertical = joinRulings(rulings.filter((ruling) => ruling.isVertical))
  if (horizontal.length * vertical.length > mostPairs) return []
  const group = new Map<Ruling, Lattice>()
  for (const across of horizontal) {
    for (const down of vertical) if (touch(across, down)) unite(across, down, group)
  }
  return [...new Set(group.values())]
}

function touch(across: Ruling, down: Ruling): boolean {
  return (
    down.at >= across.from - tolerance &&
    down.at <= across.to + tolerance &&
    across.at >= down.from - tolerance &&
    across.at <= down.to + tolerance
  )
}

function unite(across: Ruling, down: Ruling, group: Map<Ruling, Lattice>): void {
  const one = group.get(across) ?? { horizontal: [across], vertical: [] }
  const other = group.get(down) ?? { horizontal: [], vertical: [down] }
  group.set(across, one)
  group.set(down, one)
  if (one === other) return
  one.horizontal.push(...other.horizontal)
  one.vertical.push(...other.vertical)
  for (const ruling of [...other.horizontal, ...other.vertical]) group.set(ruling, one)
}
