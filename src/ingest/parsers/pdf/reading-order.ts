/** A place on a page: in one unit, counted from the top left corner. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

interface Side {
  start: number
  end: number
}

/** Frames are drawn a little larger than what is in them: two may overlap by so much of the smaller one. */
const slack = 0.15

/**
 * The order in which a person reads what stands on a page: the page is cut where a free horizontal strip divides it,
 * else where a vertical one does, and the parts are read from top to bottom and from left to right (recursive XY cut:
 * Nagy and Seth, 1984). Where nothing divides it, the upper comes first. What has no place comes last.
 */
export function readingOrder<T extends { box: Box | null }>(parts: readonly T[]): T[] {
  const placed = parts.flatMap((part) => (part.box === null ? [] : [{ part, box: part.box }])).sort(fromTopLeft)
  return [...ordered(placed).map(({ part }) => part), ...parts.filter((part) => part.box === null)]
}

function ordered<P extends { box: Box }>(items: readonly P[]): P[] {
  if (items.length < 2) return [...items]
  const groups = firstCut(items, [vertical, horizontal])
  if (groups.length > 1) return groups.flatMap(ordered)
  return [...items].sort(fromTopLeft)
}

/** Also tells frames at one place apart: the result must not hang on the order in the file. */
function fromTopLeft({ box: one }: { box: Box }, { box: other }: { box: Box }): number {
  return one.top - other.top || one.left - other.left || one.height - other.height || one.width - other.width
}

function firstCut<P extends { box: Box }>(items: readonly P[], sides: readonly ((box: Box) => Side)[]): P[][] {
  for (const side of sides) {
    const groups = cut(items, side)
    if (groups.length > 1) return groups
  }
  return [[...items]]
}

const vertical = ({ top, height }: Box): Side => ({ start: top, end: top + height })
const horizontal = ({ left, width }: Box): Side => ({ start: left, end: left + width })

/** Groups of items between which a free strip lies. */
function cut<P extends { box: Box }>(items: readonly P[], sideOf: (box: Box) => Side): P[][] {
  const sorted = items
    .map((item) => ({ item, side: sideOf(item.box) }))
    .sort((one, other) => one.side.start - other.side.start)
  const groups: P[][] = []
  let furthest: Side | null = null
  for (const { item, side } of sorted) {
    const last = groups.at(-1)
    if (last === undefined || furthest === null || isApart(furthest, side)) groups.push([item])
    else last.push(item)
    if (furthest === null || side.end > furthest.end) furthest = side
  }
  return groups
}

function isApart(before: Side, after: Side): boolean {
  const smaller = Math.min(before.end - before.start, after.end - after.start)
  return after.start > before.start && after.start >= before.end - smaller * slack
}
