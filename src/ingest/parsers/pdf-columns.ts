import { type Line, linesOf } from './pdf-lines.js'
import type { Run } from './pdf-page.js'

const fewestLines = 6
const mostCrossing = 0.3
/** Lines of prose fill their column; cells of a table do not. */
const leastFill = 0.6
/** Gap that parts fragments, in multiples of the font size: narrower than any gutter. */
const fragmentGap = 0.9

/**
 * The lines of a page in reading order, by region: one where the page has one column; where it has two, what spans both
 * parts the page into bands, and each band is read left column first.
 */
export function readingOrder(runs: readonly Run[]): Line[][] {
  const fragments = linesOf(runs, { gap: fragmentGap }).flatMap(splitAtGaps)
  const gutter = findGutter(fragments)
  if (gutter === null) return [linesOf(runs)]
  return bands(fragments, gutter).map((region) => linesOf(region.flatMap((fragment) => fragment.runs)))
}

function splitAtGaps(line: Line): Line[] {
  return line.cells.map((cell) => ({
    ...line,
    text: cell.text,
    x: cell.x,
    right: cell.right,
    cells: [cell],
    runs: line.runs.filter((run) => run.x >= cell.x - 0.01 && run.x <= cell.right),
  }))
}

const crosses = (fragment: Line, gutter: number) => fragment.x < gutter - 2 && fragment.right > gutter + 2
const isLeft = (fragment: Line, gutter: number) => fragment.right <= gutter + 2

/** The x that parts two columns of prose, or null. */
function findGutter(fragments: readonly Line[]): number | null {
  const left = Math.min(...fragments.map((fragment) => fragment.x))
  const right = Math.max(...fragments.map((fragment) => fragment.right))
  if (fragments.length < 2 * fewestLines) return null
  const candidates: { x: number; crossing: number }[] = []
  for (let x = left + (right - left) * 0.35; x <= left + (right - left) * 0.65; x += 2) {
    candidates.push({ x, crossing: fragments.filter((fragment) => crosses(fragment, x)).length })
  }
  const fewest = Math.min(...candidates.map((candidate) => candidate.crossing))
  const best = candidates.filter((candidate) => candidate.crossing === fewest)
  const gutter = best[Math.floor(best.length / 2)]?.x
  if (gutter === undefined || fewest > fragments.length * mostCrossing) return null
  const leftLines = fragments.filter((fragment) => isLeft(fragment, gutter))
  const rightLines = fragments.filter((fragment) => fragment.x >= gutter - 2)
  const areColumns = isProse(leftLines, gutter - left) && isProse(rightLines, right - gutter)
  return areColumns ? gutter : null
}

function isProse(fragments: readonly Line[], width: number): boolean {
  const widths = new Map<number, number>()
  for (const { y, x, right } of fragments) widths.set(y, (widths.get(y) ?? 0) + right - x)
  const sorted = [...widths.values()].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return sorted.length >= fewestLines && median >= width * leastFill
}

function bands(fragments: readonly Line[], gutter: number): Line[][] {
  const spanning = fragments.filter((fragment) => crosses(fragment, gutter))
  const regions: Line[][] = []
  let lastWasSpanning = false
  for (let band = 0; band <= spanning.length; band += 1) {
    const from = spanning[band - 1]?.y ?? Number.NEGATIVE_INFINITY
    const to = spanning[band]?.y ?? Number.POSITIVE_INFINITY
    const inside = fragments.filter(
      (fragment) => !crosses(fragment, gutter) && fragment.y > from - 0.01 && fragment.y < to - 0.01,
    )
    const columns = [
      inside.filter((fragment) => isLeft(fragment, gutter)),
      inside.filter((fragment) => !isLeft(fragment, gutter)),
    ].filter((column) => column.length > 0)
    regions.push(...columns)
    const next = spanning[band]
    if (next === undefined) continue
    if (lastWasSpanning && columns.length === 0) regions.at(-1)?.push(next)
    else regions.push([next])
    lastWasSpanning = true
  }
  return regions
}
