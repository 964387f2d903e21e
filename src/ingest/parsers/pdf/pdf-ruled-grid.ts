import type { BoundingBox } from '../../../core/types.js'
import { type Lattice, type Ruling, tolerance } from './pdf-rulings.js'

/** A cell between rulings, which may span several rows and columns of the grid. */
export interface RuledCell {
  row: number
  column: number
  rows: number
  columns: number
  box: BoundingBox
}

export interface RuledGrid {
  /** Edges of the columns, from left to right, and of the rows, from top to bottom. */
  xs: number[]
  ys: number[]
  cells: RuledCell[]
}

const mostEdges = 400
/** Share of a cell's side that a ruling has to cover to close it. */
const closed = 0.5

/**
 * The cells that a lattice of rulings encloses: neighbours that no ruling parts are one cell. Where a table is open at
 * its sides, its rulings' ends close it. Null when the rulings make no grid.
 */
export function ruledGrid({ horizontal, vertical }: Lattice): RuledGrid | null {
  const xs = edges([...vertical.map((line) => line.at), ...ends(horizontal)])
  const ys = edges([...horizontal.map((line) => line.at), ...ends(vertical)])
  const [columns, rows] = [xs.length - 1, ys.length - 1]
  if (columns < 1 || rows < 1 || xs.length > mostEdges || ys.length > mostEdges) return null
  const owner = Array.from({ length: rows * columns }, (_, index) => index)
  const root = (index: number): number => {
    let at = index
    for (let next = owner[at] ?? at; next !== at; next = owner[at] ?? at) {
      owner[at] = owner[next] ?? next
      at = next
    }
    return at
  }
  const parted = { down: coverage(vertical, xs), across: coverage(horizontal, ys) }
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const here = row * columns + column
      const [top = 0, bottom = 0] = [ys[row], ys[row + 1]]
      const [left = 0, right = 0] = [xs[column], xs[column + 1]]
      if (column + 1 < columns && !parted.down(column + 1, top, bottom)) owner[root(here + 1)] = root(here)
      if (row + 1 < rows && !parted.across(row + 1, left, right)) owner[root(here + columns)] = root(here)
    }
  }
  const areas = new Map<number, number[]>()
  for (const index of owner.keys()) {
    const area = areas.get(root(index))
    if (area === undefined) areas.set(root(index), [index])
    else area.push(index)
  }
  return { xs, ys, cells: [...areas.values()].flatMap((area) => cellsOf(area, { xs, ys })) }
}

/** The outermost ends, where they stand out from the lines that should close them. */
function ends(lines: readonly Ruling[]): number[] {
  if (lines.length === 0) return []
  return [Math.min(...lines.map((line) => line.from)), Math.max(...lines.map((line) => line.to))]
}

function edges(places: readonly number[]): number[] {
  const sorted = [...places].sort((one, other) => one - other)
  const kept: number[] = []
  for (const place of sorted) if (kept.length === 0 || place - (kept.at(-1) ?? 0) > tolerance) kept.push(place)
  return kept
}

/** Whether rulings on an edge cover enough of a cell's side. */
function coverage(lines: readonly Ruling[], places: readonly number[]) {
  const onEdge = places.map((place) => lines.filter((line) => Math.abs(line.at - place) <= tolerance))
  return (edge: number, from: number, to: number): boolean => {
    let covered = 0
    for (const line of onEdge[edge] ?? []) covered += Math.max(0, Math.min(line.to, to) - Math.max(line.from, from))
    return covered >= (to - from) * closed
  }
}

/** An area of the grid as one cell; one that is no rectangle is left in its single parts. */
function cellsOf(area: readonly number[], { xs, ys }: Pick<RuledGrid, 'xs' | 'ys'>): RuledCell[] {
  const width = xs.length - 1
  const rowsOf = area.map((index) => Math.floor(index / width))
  const columnsOf = area.map((index) => index % width)
  const [row, column] = [Math.min(...rowsOf), Math.min(...columnsOf)]
  const [rows, columns] = [Math.max(...rowsOf) - row + 1, Math.max(...columnsOf) - column + 1]
  if (rows * columns !== area.length) return area.flatMap((index) => cellsOf([index], { xs, ys }))
  const [x = 0, right = 0] = [xs[column], xs[column + columns]]
  const [y = 0, bottom = 0] = [ys[row], ys[row + rows]]
  return [{ row, column, rows, columns, box: { x, y, width: right - x, height: bottom - y } }]
}
