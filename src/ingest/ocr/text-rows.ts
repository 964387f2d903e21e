import { joinsWithoutSpace, type TextLine } from './text-line.js'

/** What stands on one height, in cells from left to right where wide gaps part it. */
export interface Row {
  cells: Cell[]
  lines: TextLine[]
  left: number
  right: number
  /** Middle of its height. */
  y: number
  height: number
}

export interface Cell {
  text: string
  left: number
  right: number
}

/** How far the middles of a row's pieces lie apart at most, in heights of the lower one. */
const sameRow = 0.5
/** A wider gap, in heights of the row, parts cells; a word space is about a quarter. */
const cellGap = 1.2

/** Groups lines to rows, from top to bottom. */
export function rowsOf(lines: readonly TextLine[]): Row[] {
  const groups: TextLine[][] = []
  for (const line of [...lines].sort((one, other) => middle(one) - middle(other) || one.place.x - other.place.x)) {
    const group = groups.findLast(([first]) => first !== undefined && isBeside(first, line))
    if (group === undefined) groups.push([line])
    else group.push(line)
  }
  return groups.map(toRow)
}

const middle = ({ place }: TextLine) => place.y + place.height / 2

function isBeside(one: TextLine, other: TextLine): boolean {
  return Math.abs(middle(one) - middle(other)) < sameRow * Math.min(one.place.height, other.place.height)
}

function toRow(group: readonly TextLine[]): Row {
  const lines = [...group].sort((one, other) => one.place.x - other.place.x)
  const height = Math.max(...lines.map(({ place }) => place.height))
  const cells: Cell[] = []
  for (const { text, place } of lines) {
    const cell = cells.at(-1)
    const gap = cell === undefined ? 0 : place.x - cell.right
    if (cell === undefined || gap > cellGap * height) cells.push({ text, left: place.x, right: place.x + place.width })
    else {
      cell.text += joinsWithoutSpace(cell.text, text) ? text : ` ${text}`
      cell.right = Math.max(cell.right, place.x + place.width)
    }
  }
  return {
    cells,
    lines,
    left: Math.min(...lines.map(({ place }) => place.x)),
    right: Math.max(...lines.map(({ place }) => place.x + place.width)),
    y: lines.reduce((sum, line) => sum + middle(line), 0) / lines.length,
    height,
  }
}
