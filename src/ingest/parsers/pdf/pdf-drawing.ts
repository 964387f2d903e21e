import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { type Path, readPath } from './pdf-path.js'
import type { Ruling } from './pdf-rulings.js'

/** What a page shows besides text, on the page as it is shown. */
export interface Drawing {
  rulings: Ruling[]
  /** Share of the page that pictures cover, 0 to 1. */
  pictureShare: number
  /** Corners and curves of the painted vector paths: letters drawn as outlines have many. */
  pathPoints: number
  /** Share of the characters that are there but not shown, 0 to 1: the text layer that a scanner adds. */
  hiddenShare: number
}

export interface OperatorList {
  fnArray: readonly number[]
  argsArray: readonly unknown[]
}

export interface Shown {
  width: number
  height: number
  /** From PDF space to the page as it is shown. */
  transform: readonly number[]
}

type Matrix = readonly number[]

interface State {
  matrix: Matrix
  textMode: number
  /** Something moved the origin and nothing has been painted since. */
  isWaiting: boolean
}

const invisible = 3
const mostRulings = 5000
/** Pictures overlap and come in strips: what they cover is counted in squares of the page. */
const squares = 40

/**
 * Reads rulings, pictures and the visibility of text from pdf.js's list of drawing operations, made with `maxImageSize`
 * 0: pictures are not decoded then. pdf.js leaves out the operation of such a picture, so its place is where a
 * transformation is followed by nothing that paints.
 */
export function readDrawing({ fnArray, argsArray }: OperatorList, shown: Shown): Drawing {
  const seen: Seen = { shown, covered: new Set(), rulings: [], pathPoints: 0, characters: 0, hidden: 0 }
  let state: State = { matrix: shown.transform, textMode: 0, isWaiting: false }
  const stack: State[] = []
  const endGroup = () => {
    if (state.isWaiting) cover(seen, state.matrix)
    state = { ...(stack.pop() ?? state), isWaiting: false }
  }
  for (let index = 0; index < fnArray.length; index += 1) {
    const operation = fnArray[index] ?? 0
    const args = argsArray[index]
    if (operation === OPS.save) stack.push({ ...state })
    else if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd) endGroup()
    else if (operation === OPS.transform) {
      state.matrix = multiply(state.matrix, args)
      state.isWaiting = true
    } else if (operation === OPS.paintFormXObjectBegin) {
      state.isWaiting = false
      stack.push({ ...state })
      state.matrix = multiply(state.matrix, Array.isArray(args) ? args[0] : null)
    } else if (operation === OPS.setTextRenderingMode) state.textMode = Number(Array.isArray(args) ? args[0] : 0)
    else if (operation === OPS.beginText || operation === OPS.shadingFill) state.isWaiting = false
    else if (operation === OPS.showText) {
      const characters = countGlyphs(args)
      seen.characters += characters
      if (state.textMode === invisible) seen.hidden += characters
    } else if (pictureOperations.has(operation)) {
      cover(seen, state.matrix)
      state.isWaiting = false
    } else if (operation === OPS.constructPath)
      state.isWaiting = !drawPath(seen, { args, matrix: state.matrix }) && state.isWaiting
  }
  if (state.isWaiting) cover(seen, state.matrix)
  return {
    rulings: seen.rulings,
    pathPoints: seen.pathPoints,
    pictureShare: seen.covered.size / (squares * squares),
    hiddenShare: seen.characters === 0 ? 0 : seen.hidden / seen.characters,
  }
}

/** What has been met so far. */
interface Seen {
  shown: Shown
  /** Squares of the page that pictures cover. */
  covered: Set<number>
  rulings: Ruling[]
  pathPoints: number
  characters: number
  hidden: number
}

/** @returns whether the path paints anything */
function drawPath(seen: Seen, { args, matrix }: { args: unknown; matrix: Matrix }): boolean {
  const path = readPath(args)
  if (path === null || path.isInvisible) return false
  seen.pathPoints += path.points
  if (seen.rulings.length < mostRulings) seen.rulings.push(...rulingsOf(path, matrix))
  return true
}

const pictureOperations = new Set<number>([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintImageXObjectRepeat,
  OPS.paintInlineImageXObjectGroup,
])

function countGlyphs(args: unknown): number {
  const glyphs: unknown = Array.isArray(args) ? args[0] : null
  return Array.isArray(glyphs) ? glyphs.length : 0
}

function multiply(outer: Matrix, inner: unknown): Matrix {
  if (!(Array.isArray(inner) || inner instanceof Float32Array) || inner.length < 6) return outer
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = outer
  const numbers: ArrayLike<unknown> = inner
  const [g, h, i] = [Number(numbers[0]), Number(numbers[1]), Number(numbers[2])]
  const [j, k, l] = [Number(numbers[3]), Number(numbers[4]), Number(numbers[5])]
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

function place(x: number, y: number, [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]: Matrix): { x: number; y: number } {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

function rulingsOf({ strokes, bars }: Path, matrix: Matrix): Ruling[] {
  const found: Ruling[] = []
  for (const { from, to } of strokes) {
    const ruling = asRuling(place(from.x, from.y, matrix), place(to.x, to.y, matrix), thickest.stroke)
    if (ruling !== null) found.push(ruling)
  }
  for (const { from, to } of bars) {
    const ruling = asRuling(place(from.x, from.y, matrix), place(to.x, to.y, matrix), thickest.bar)
    if (ruling !== null) found.push(ruling)
  }
  return found
}

/** How far a stroke may lean and how thick a filled bar may be, in points, to count as a ruling. */
const thickest = { stroke: 1, bar: 3 }
const shortest = 3

function asRuling(one: { x: number; y: number }, other: { x: number; y: number }, thickness: number): Ruling | null {
  const [across, down] = [Math.abs(one.x - other.x), Math.abs(one.y - other.y)]
  if (down <= thickness && across >= Math.max(shortest, 2 * down)) {
    return {
      isVertical: false,
      at: (one.y + other.y) / 2,
      from: Math.min(one.x, other.x),
      to: Math.max(one.x, other.x),
    }
  }
  if (across <= thickness && down >= Math.max(shortest, 2 * across)) {
    return { isVertical: true, at: (one.x + other.x) / 2, from: Math.min(one.y, other.y), to: Math.max(one.y, other.y) }
  }
  return null
}

/** Marks the squares of the page that the unit square, which is where a picture is painted, covers under `matrix`. */
function cover({ shown, covered }: Seen, matrix: Matrix): void {
  const corners = [place(0, 0, matrix), place(1, 0, matrix), place(0, 1, matrix), place(1, 1, matrix)]
  const column = (x: number) => Math.min(Math.max((x / shown.width) * squares, 0), squares)
  const row = (y: number) => Math.min(Math.max((y / shown.height) * squares, 0), squares)
  const [left, right] = [Math.min(...corners.map(({ x }) => column(x))), Math.max(...corners.map(({ x }) => column(x)))]
  const [top, bottom] = [Math.min(...corners.map(({ y }) => row(y))), Math.max(...corners.map(({ y }) => row(y)))]
  // A square counts when its middle is covered.
  for (let y = Math.ceil(top - 0.5); y + 0.5 < bottom; y += 1) {
    for (let x = Math.ceil(left - 0.5); x + 0.5 < right; x += 1) covered.add(y * squares + x)
  }
}
