import { type Line, linesOf } from './pdf-lines.js'
import type { Run } from './pdf-page.js'

const fewestLines = 6
const mostCrossing = 0.3
/** Lines of prose fill their column; cells of a table do not. */
const leastFill = 0.6
/** Gap that parts fragments, in multiples of the font size: narrower than any gutter. */
const fragmentGap = 0.9

/** A part narrower than this share of the page is not looked through for columns again. */
const narrowest = 0.55

/**
 * The lines of a page in reading order, by region: one where the page has one column; where it has more, what spans them
 * parts the page into bands, and each band is read column by column.
 * @param tables lines that stand for tables
 */
export function readingOrder(runs: readonly Run[], tables: readonly Line[] = []): Line[][] {
  const fragments = [...linesOf(runs, { gap: fragmentGap }).flatMap(splitAtGaps), ...tables].sort((a, b) => a.y - b.y)
  const width = widthOf(fragments)
  const inOrder = (part: readonly Line[]): Line[][] => {
    const gutter = widthOf(part) < width * narrowest ? null : findGutter(part)
    return gutter === null ? [withTables(part)] : bands(part, gutter, inOrder)
  }
  return inOrder(fragments).filter((region) => region.length > 0)
}

function widthOf(fragments: readonly Line[]): number {
  return Math.max(...fragments.map((fragment) => fragment.right)) - Math.min(...fragments.map((fragment) => fragment.x))
}

/** The whole lines of a region. */
function withTables(fragments: readonly Line[]): Line[] {
  const tables = fragments.filter((fragment) => fragment.table !== undefined)
  const lines = linesOf(fragments.flatMap((fragment) => fragment.runs))
  return tables.length === 0 ? lines : [...lines, ...tables].sort((a, b) => a.y - b.y)
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
  for (let x = left + (right - left) * 0.28; x <= left + (right - left) * 0.72; x += 2) {
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
  const prose = fragments.filter((fragment) => fragment.table === undefined)
  for (const { y, x, right } of prose) widths.set(y, (widths.get(y) ?? 0) + right - x)
  const sorted = [...widths.values()].sort((a, b) => a - b)
  return sorted.length >= fewestLines && weighedMedian(sorted) >= width * leastFill
}

/** Half of all that is set stands in lines of this width or less: the labels of a chart weigh little. */
function weighedMedian(sorted: readonly number[]): number {
  const half = sorted.reduce((sum, width) => sum + width, 0) / 2
  let sum = 0
  for (const width of sorted) {
    sum += width
    if (sum >= half) return width
  }
  return 0
}

function bands(fragments: readonly Line[], gutter: number, inOrder: (part: readonly Line[]) => Line[][]): Line[][] {
  const spanning = fragments.filter((fragment) => crosses(fragment, gutter))
  const regions: Line[][] = []
  let across: Line[] = []
  const endAcross = () => {
    if (across.length > 0) regions.push(withTables(across))
    across = []
  }
  for (let band = 0; band <= spanning.length; band += 1) {
    const from = spanning[band - 1]?.y ?? Number.NEGATIVE_INFINITY
    const to = spanning[band]?.y ?? Number.POSITIVE_INFINITY
    const inside = fragments.filter(
      (fragment) => !crosses(fragment, gutter) && fragment.y > from - 0.01 && fragment.y < to - 0.01,
    )
    if (inside.length > 0) {
      endAcross()
      const left = inside.filter((fragment) => isLeft(fragment, gutter))
      const right = inside.filter((fragment) => !isLeft(fragment, gutter))
      for (const column of [left, right]) if (column.length > 0) regions.push(...inOrder(column))
    }
    const next = spanning[band]
    if (next !== undefined) across.push(next)
  }
  endAcross()
  return regions
}
