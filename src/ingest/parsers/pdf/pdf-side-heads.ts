import { type Cell, type Line, linesOf } from './pdf-lines.js'

const widestHead = 0.4
const leastFill = 0.75
const shortestProse = 30
const listMark = /^(?:[•●▪■◆○◦➢✓*\-–—]|[(（]?[\dA-Za-z一二三四五六七八九十]{1,3}[.)）、．]?)$/

/**
 * A heading of several lines in the margin beside the paragraph that it heads: its lines and the paragraph's, each in
 * order, and how many lines of the region they take. Null where the lines from `start` on are something else.
 */
export function besideProse(
  region: readonly Line[],
  start: number,
): { heads: Line[]; body: Line[]; taken: number } | null {
  const first = region[start]
  const bodyLeft = first?.cells[1]?.x
  if (first === undefined || bodyLeft === undefined || first.cells.length !== 2) return null
  const right = Math.max(...region.map((line) => line.right))
  const left = Math.min(...region.map((line) => line.x))
  const group: Line[] = []
  for (const line of region.slice(start)) {
    const above = group.at(-1)
    const isClose = above === undefined || line.y - above.y < 1.8 * line.size
    const [head, body] = line.cells
    const isHead = head !== undefined && head.right < bodyLeft && !listMark.test(head.text)
    const isLevel = body === undefined || Math.abs(body.x - bodyLeft) < 4 * line.size
    if (!isClose || !isHead || !isLevel || line.cells.length > 2 || line.table !== undefined) break
    group.push(line)
  }
  const paired = group.filter((line) => line.cells.length === 2)
  const full = paired.filter(({ cells: [, body] }) => body !== undefined && isFull(body, { from: bodyLeft, to: right }))
  const isNarrow = group.every(({ cells: [head] }) => (head?.right ?? right) - left < (right - left) * widestHead)
  if (!isNarrow || full.length < 2 || full.length < paired.length * 0.6) return null
  const runs = group.flatMap((line) => line.runs)
  return {
    heads: linesOf(runs.filter((piece) => piece.x < bodyLeft - 1)),
    body: linesOf(runs.filter((piece) => piece.x >= bodyLeft - 1)),
    taken: group.length,
  }
}

function isFull(cell: Cell, { from, to }: { from: number; to: number }): boolean {
  return cell.right - from > (to - from) * leastFill && cell.text.length > shortestProse
}
