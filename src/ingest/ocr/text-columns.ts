import type { TextLine } from './text-line.js'
import { rowsOf } from './text-rows.js'

const fewestRows = 4
/** Share of the lines that may cross a gutter: headings, figures and footers over both columns. */
const mostCrossing = 0.3
/** Lines of prose fill their column; cells of a table do not. */
const leastFill = 0.6
/** Boxes are drawn a little larger than their text: so much of a line's height may reach over an edge. */
const slack = 0.35

/**
 * The lines of a page by region, in reading order: one region where there is one column; where prose stands in several,
 * what spans them parts the page into bands, and each band is read from the left column to the right one.
 */
export function columnsOf(lines: readonly TextLine[]): TextLine[][] {
  if (lines.length === 0) return []
  const gutter = findGutter(lines)
  if (gutter === null) return [[...lines]]
  return bandsOf(lines, gutter).flatMap((band) =>
    band.spans
      ? [band.lines]
      : [
          ...columnsOf(band.lines.filter(isLeftOf(gutter))),
          ...columnsOf(band.lines.filter((line) => !isLeftOf(gutter)(line))),
        ],
  )
}

const edges = ({ place }: TextLine) => ({ left: place.x, right: place.x + place.width, slack: place.height * slack })
const crosses = (gutter: number) => (line: TextLine) => {
  const { left, right, slack } = edges(line)
  return left < gutter - slack && right > gutter + slack
}
const isLeftOf = (gutter: number) => (line: TextLine) => line.place.x + line.place.width / 2 < gutter

/** The x that parts columns of prose, or null. */
function findGutter(lines: readonly TextLine[]): number | null {
  if (lines.length < 2 * fewestRows) return null
  const left = Math.min(...lines.map((line) => edges(line).left))
  const right = Math.max(...lines.map((line) => edges(line).right))
  const candidates: { x: number; crossing: number }[] = []
  for (let share = 0.2; share <= 0.8; share += 0.005) {
    const x = left + (right - left) * share
    candidates.push({ x, crossing: lines.filter(crosses(x)).length })
  }
  const allowed = candidates.filter(({ crossing }) => crossing <= lines.length * mostCrossing)
  // Where as few cross in several places, the middle of each such place is tried.
  const fewest = Math.min(...allowed.map(({ crossing }) => crossing))
  const best = allowed.filter(({ crossing }) => crossing === fewest)
  return (
    stretches(
      best.map(({ x }) => x),
      (right - left) * 0.006,
    ).find((x) => partsProse(lines, { x, left, right })) ?? null
  )
}

/** The middles of stretches of neighbouring values. */
function stretches(values: readonly number[], step: number): number[] {
  const groups: number[][] = []
  for (const value of values) {
    const last = groups.at(-1)
    if (last !== undefined && value - (last.at(-1) ?? value) <= step) last.push(value)
    else groups.push([value])
  }
  return groups.map((group) => group[Math.floor(group.length / 2)] ?? 0)
}

function partsProse(
  lines: readonly TextLine[],
  { x, left, right }: { x: number; left: number; right: number },
): boolean {
  const beside = lines.filter((line) => !crosses(x)(line))
  return (
    isProse(beside.filter(isLeftOf(x)), x - left) &&
    isProse(
      beside.filter((line) => !isLeftOf(x)(line)),
      right - x,
    )
  )
}

function isProse(lines: readonly TextLine[], width: number): boolean {
  const fills = rowsOf(lines)
    .map((row) => row.lines.reduce((sum, { place }) => sum + place.width, 0) / width)
    .sort((one, other) => one - other)
  return fills.length >= fewestRows && (fills[Math.floor(fills.length / 2)] ?? 0) >= leastFill
}

/** What spans the gutter, and what stands between. */
function bandsOf(lines: readonly TextLine[], gutter: number): { spans: boolean; lines: TextLine[] }[] {
  const bands: { spans: boolean; lines: TextLine[] }[] = []
  for (const row of rowsOf(lines)) {
    const spans = row.lines.some(crosses(gutter))
    const last = bands.at(-1)
    if (last?.spans === spans) last.lines.push(...row.lines)
    else bands.push({ spans, lines: [...row.lines] })
  }
  return bands
}
