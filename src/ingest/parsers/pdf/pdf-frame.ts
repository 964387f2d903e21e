import type { BoundingBox } from '../../../core/types.js'

export interface Point {
  x: number
  y: number
}

/**
 * How a page's text lies on the page as it is shown. Reading happens in a frame in which the text is upright and runs
 * from left to right: its points count from the upper left corner of the page as one turns (and mirrors) it to read.
 */
export interface Frame {
  /** Of the page as it is shown, in points. */
  width: number
  height: number
  /** Clockwise quarter turns of the text: 1 runs down the page, 2 stands on its head, 3 runs up. */
  turns: number
  /** The text runs from right to left. */
  isMirrored: boolean
}

/** Brings a point of the page as it is shown into the frame in which it is read. */
export function toUpright({ x, y }: Point, { width, height, turns, isMirrored }: Frame): Point {
  if (turns === 1) return { x: y, y: width - x }
  if (turns === 2) return { x: width - x, y: height - y }
  if (turns === 3) return { x: height - y, y: x }
  return { x: isMirrored ? width - x : x, y }
}

/** The inverse of `toUpright`, for a box: where it lies on the page as it is shown, cut off at the page's edges. */
export function toShown({ x, y, width, height }: BoundingBox, frame: Frame): BoundingBox {
  const [one, other] = [pointShown({ x, y }, frame), pointShown({ x: x + width, y: y + height }, frame)]
  const left = within(Math.min(one.x, other.x), frame.width)
  const top = within(Math.min(one.y, other.y), frame.height)
  const right = within(Math.max(one.x, other.x), frame.width)
  const bottom = within(Math.max(one.y, other.y), frame.height)
  return { x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top) }
}

function pointShown({ x, y }: Point, { width, height, turns, isMirrored }: Frame): Point {
  if (turns === 1) return { x: width - y, y: x }
  if (turns === 2) return { x: width - x, y: height - y }
  if (turns === 3) return { x: y, y: height - x }
  return { x: isMirrored ? width - x : x, y }
}

const within = (value: number, limit: number) => Math.min(Math.max(value, 0), limit)
const rounded = (value: number) => Math.round(value * 10) / 10

/** The smallest box around several. */
export function boxAround(boxes: readonly BoundingBox[]): BoundingBox {
  const left = Math.min(...boxes.map(({ x }) => x))
  const top = Math.min(...boxes.map(({ y }) => y))
  const right = Math.max(...boxes.map(({ x, width }) => x + width))
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height))
  return { x: left, y: top, width: right - left, height: bottom - top }
}
