import type { BoundingBox } from '../../../core/types.js'
import type { Run } from './pdf-page.js'

/** A stretch of a line with no wide gap in it. */
export interface Cell {
  text: string
  x: number
  right: number
}

/** A table that takes the place of a line, once its text has been read. */
export interface TableContent {
  rows: string[][]
  hasHeader: boolean
  /** What stands in a row of its own above the columns' names; empty where nothing does. */
  title: string
  /** Left edges of the columns. */
  columns: number[]
}

export interface Line {
  text: string
  x: number
  right: number
  /** The baseline; a table's lower edge. */
  y: number
  top: number
  size: number
  font: string
  cells: Cell[]
  runs: Run[]
  table?: TableContent
}

/** How far letters reach above and below the baseline, in multiples of the font size. */
const ascent = 0.88
const descent = 0.22

export function lineBox({ x, right, y, top, size }: Line): BoundingBox {
  return { x, y: top, width: right - x, height: y + size * descent - top }
}

const wide =
  /[\u1100-\u11FF\u2E80-\u303F\u3040-\u30FF\u3130-\u318F\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]/

/** Whether no space belongs between two characters: Chinese and Japanese are written without. */
export function joinsWithoutSpace(before: string, after: string): boolean {
  return wide.test(before.slice(-1)) && wide.test(after.slice(0, 1))
}

/** Gap in multiples of the font size that parts two cells; justified Latin text stays below. */
const cellGap = 1.4
/** How far baselines of one line lie apart, in multiples of the larger font size; raised and lowered characters further. */
const sameBaseline = 0.4
const raisedBaseline = 0.6
const smallSize = 0.8
/** The same in multiples of the smaller one: what is much smaller than a huge title is no part of its line. */
const mostRaised = 1.2

/** Groups runs to lines by their baseline, from top to bottom. */
export function linesOf(runs: readonly Run[], { gap = cellGap } = {}): Line[] {
  const rows: { y: number; size: number; runs: Run[] }[] = []
  for (const run of [...runs].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.findLast((candidate) => Math.abs(candidate.y - run.y) <= reach(candidate.size, run.size))
    if (row === undefined) rows.push({ y: run.y, size: run.size, runs: [run] })
    else {
      row.runs.push(run)
      // A raised or lowered small character must not move the baseline.
      if (run.size > row.size * 1.1) Object.assign(row, { y: run.y, size: run.size })
    }
  }
  return rows.sort((a, b) => a.y - b.y).flatMap(({ y, runs: row }) => toLine(row, { y, gap }))
}

function reach(size: number, other: number): number {
  const larger = Math.max(size, other)
  const smaller = Math.min(size, other)
  return Math.min(larger * (smaller < larger * smallSize ? raisedBaseline : sameBaseline), smaller * mostRaised)
}

function toLine(row: readonly Run[], { y, gap }: { y: number; gap: number }): Line[] {
  const runs = withoutShadows([...row].sort((a, b) => a.x - b.x))
  const first = runs[0]
  if (first === undefined) return []
  const main = mainRun(runs)
  const cells: Cell[] = []
  for (const run of runs) {
    const cell = cells.at(-1)
    const distance = cell === undefined ? 0 : run.x - cell.right
    if (cell === undefined || distance > gap * main.size) {
      cells.push({ text: run.text, x: run.x, right: run.x + run.width })
    } else {
      cell.text += needsSpace(cell.text, run.text, distance / main.size) ? ` ${run.text}` : run.text
      cell.right = Math.max(cell.right, run.x + run.width)
    }
  }
  const tidy = cells.map((cell) => ({ ...cell, text: closeUp(cell.text.replace(/\s+/g, ' ').trim()) }))
  const text = tidy.map((cell) => cell.text).join(' ')
  const right = Math.max(...tidy.map((cell) => cell.right))
  if (text === '') return []
  return [{ text, x: first.x, right, y, top: y - main.size * ascent, ...main, cells: tidy, runs }]
}

const spacedOut = new RegExp(`(?:${wide.source} ){2,}${wide.source}(?! ?${wide.source}{2})`, 'g')

/** Japanese patents and Chinese titles are set with a space after each character. */
function closeUp(text: string): string {
  return text.replace(spacedOut, (letters) => letters.replaceAll(' ', ''))
}

/** `gap` in multiples of the font size. */
function needsSpace(before: string, after: string, gap: number): boolean {
  if (/\s$/.test(before) || /^\s/.test(after)) return false
  return gap > (joinsWithoutSpace(before, after) ? 0.45 : 0.15)
}

/** The run that sets the line's size and font: the one with the most characters. */
function mainRun(runs: readonly Run[]): { size: number; font: string } {
  const weights = new Map<string, { size: number; font: string; characters: number }>()
  for (const { size, font, text } of runs) {
    const key = `${font} ${size.toFixed(1)}`
    const weight = weights.get(key) ?? { size, font, characters: 0 }
    weight.characters += text.length
    weights.set(key, weight)
  }
  const { size, font } = [...weights.values()].reduce((main, next) => (next.characters > main.characters ? next : main))
  return { size, font }
}

/** Some programs print bold text by setting it twice, a little apart. */
function withoutShadows(runs: readonly Run[]): Run[] {
  return runs.filter((run, index) => {
    const isShadow = (other: Run) => other.text === run.text && Math.abs(other.x - run.x) < 0.15 * run.size
    return run.text.length > 0 && !runs.slice(Math.max(0, index - 3), index).some(isShadow)
  })
}
