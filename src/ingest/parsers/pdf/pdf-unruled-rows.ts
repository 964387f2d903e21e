import type { Line } from './pdf-lines.js'
import type { RuledCell } from './pdf-ruled-grid.js'

/** A cell of a ruled table with its text. */
export interface FilledCell extends RuledCell {
  lines: Line[]
}

const fewestLines = 3
/** Share of the cell's width that wrapped prose fills with every line but the last. */
const proseFill = 0.8

/**
 * The rows of a ruled table, their cells from left to right. Some tables have rulings only around them, between the
 * columns and below the header: then one row of the grid holds all of the body, and its lines of text are the rows.
 */
export function splitOpenRows(cells: readonly FilledCell[]): FilledCell[][] {
  const count = cells.reduce((most, cell) => Math.max(most, cell.row + cell.rows), 0)
  const rows: FilledCell[][] = Array.from({ length: count }, () => [])
  for (const cell of [...cells].sort((one, other) => one.column - other.column)) rows[cell.row]?.push(cell)
  const body = rows.at(-1)
  if (count > 2 || body === undefined) return rows
  const lines = bodyLines(body)
  return lines === null ? rows : [...rows.slice(0, -1), ...lines.map((baseline) => rowAt(body, baseline))]
}

/** The baselines of the fullest column, where the lines of every other column stand on them too. */
function bodyLines(body: readonly FilledCell[]): Line[] | null {
  const filled = body.filter((cell) => cell.lines.length > 0)
  if (filled.length < 2 || filled.length < body.length / 2) return null
  const fullest = filled.reduce((most, cell) => (cell.lines.length > most.lines.length ? cell : most)).lines
  const aligned = filled.every((cell) => cell.lines.every((line) => fullest.some((other) => isLevel(line, other))))
  const several = filled.filter((cell) => cell.lines.length >= fewestLines)
  return aligned && several.length > 1 && !several.some(isProse) ? fullest : null
}

function isProse({ lines, box }: FilledCell): boolean {
  return lines.slice(0, -1).every((line) => line.right - line.x >= box.width * proseFill)
}

const isLevel = (one: Line, other: Line) => Math.abs(one.y - other.y) < other.size * 0.4

function rowAt(body: readonly FilledCell[], baseline: Line): FilledCell[] {
  return body.map((cell) => ({ ...cell, rows: 1, lines: cell.lines.filter((line) => isLevel(line, baseline)) }))
}
