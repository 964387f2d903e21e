import { withoutRadicals } from '../../../core/radicals.js'
import type { BoundingBox } from '../../../core/types.js'
import { cleanText } from '../clean-text.js'
import { boxAround, type Frame, toUpright } from './pdf-frame.js'
import { softHyphen } from './pdf-join.js'
import { withoutVerticalForms } from './pdf-vertical-forms.js'

/** A piece of text as pdf.js yields it. */
export interface TextItem {
  str: string
  dir: string
  width: number
  height: number
  fontName: string
  hasEOL: boolean
  vertical: boolean
  transform: readonly number[]
}

/** Text set in one go. Points, in the frame in which the page is read; `y` is the baseline. */
export interface Run {
  text: string
  x: number
  y: number
  width: number
  size: number
  font: string
}

/** Text that stands in another direction than most of the page. `box`: on the page as it is shown. */
export interface Aside {
  text: string
  box: BoundingBox
}

export interface PageText {
  /** Of the page as it is read. */
  width: number
  height: number
  frame: Frame
  runs: Run[]
  aside: Aside[]
  /** Control characters in the text, which no text has. */
  controls: number
}

export interface ShownPage {
  width: number
  height: number
  /** The viewport's matrix: from PDF space to the page as it is shown. */
  transform: readonly number[]
}

/** A run on the page as it is shown. */
interface Turned extends Run {
  turns: number
  isVertical: boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
const controls = /[\u0000-\u0008\u000E-\u001F\u007F-\u009F]/g
/** A vertical line's place is its middle; Latin letters stand on a baseline a little below theirs. */
const middleToBaseline = 0.35

/**
 * Brings a page's text upright, whatever way it is turned. Vertical writing (columns from right to left) is read as what
 * it becomes when the page is turned: lines from top to bottom; right-to-left writing as in a mirror.
 */
export function readItems(items: readonly TextItem[], shown: ShownPage): PageText {
  const written = items.filter((item) => item.str.trim() !== '')
  const turned = written.map((item) => turn(item, shown))
  const turns = mostCommonTurn(turned)
  const isVertical = turned.filter((run) => run.isVertical).length > turned.length / 2
  const rightToLeft = written.filter((item) => item.dir === 'rtl').length
  const { width, height } = shown
  const frame: Frame = { width, height, turns, isMirrored: turns === 0 && rightToLeft > written.length / 2 }
  const belongs = (run: Turned) => run.turns === turns || (isVertical && isUprightInColumn(run))
  const isSideways = turns % 2 !== 0
  return {
    width: isSideways ? height : width,
    height: isSideways ? width : height,
    frame,
    runs: turned.filter(belongs).map((run) => upright(run, frame)),
    aside: joinRuns(turned.filter((run) => !belongs(run))),
    controls: written.reduce((sum, item) => sum + (item.str.match(controls)?.length ?? 0), 0),
  }
}

function turn(item: TextItem, { transform }: ShownPage): Turned {
  const [a = 1, b = 0, c = 0, d = -1, e = 0, f = 0] = transform
  const [ia = 1, ib = 0, ic = 0, id = 1, ix = 0, iy = 0] = item.transform
  const across = { x: a * ia + c * ib, y: b * ia + d * ib }
  const up = { x: a * ic + c * id, y: b * ic + d * id }
  const size = Math.hypot(up.x, up.y) || item.height || 10
  const quarters = Math.round(Math.atan2(across.y, across.x) / (Math.PI / 2)) + 4
  return {
    text: withoutVerticalForms(withoutRadicals(cleanText(item.str.replace(/\u00AD$/, softHyphen)))),
    x: a * ix + c * iy + e,
    y: b * ix + d * iy + f,
    width: item.vertical ? item.height : item.width,
    size,
    font: item.fontName,
    turns: (quarters + (item.vertical ? 1 : 0)) % 4,
    isVertical: item.vertical,
  }
}

function mostCommonTurn(runs: readonly Turned[]): number {
  const characters = [0, 0, 0, 0]
  for (const run of runs) characters[run.turns] = (characters[run.turns] ?? 0) + run.text.length
  return characters.indexOf(Math.max(...characters))
}

/** A short number that stands upright in a vertical column. */
function isUprightInColumn(run: Turned): boolean {
  return run.turns === 0 && run.width <= run.size * 1.5
}

function upright({ turns, isVertical, ...run }: Turned, frame: Frame): Run {
  if (turns !== frame.turns) {
    const { x, y } = toUpright({ x: run.x + run.width / 2, y: run.y - run.size }, frame)
    return { ...run, x, y: y + run.size * middleToBaseline, width: run.size }
  }
  const { x, y } = toUpright(run, frame)
  return {
    ...run,
    x: frame.isMirrored ? x - run.width : x,
    y: isVertical ? y + run.size * middleToBaseline : y,
  }
}

/** Runs that follow each other at the same place across their direction are one text. */
function joinRuns(runs: readonly Turned[]): Aside[] {
  const joined: { text: string; boxes: BoundingBox[] }[] = []
  let last: Turned | null = null
  for (const run of runs) {
    const sideways = run.turns % 2 !== 0
    const isSameLine =
      last !== null && last.turns === run.turns && Math.abs(sideways ? run.x - last.x : run.y - last.y) < run.size * 0.5
    const open = joined.at(-1)
    if (isSameLine && open !== undefined) {
      open.text = `${open.text} ${run.text}`
      open.boxes.push(shownBox(run))
    } else joined.push({ text: run.text, boxes: [shownBox(run)] })
    last = run
  }
  return joined.map(({ text, boxes }) => ({ text, box: boxAround(boxes) }))
}

/** Where a run lies on the page as it is shown. */
function shownBox({ x, y, width, size, turns }: Turned): BoundingBox {
  if (turns === 1) return { x: x - size / 2, y, width: size, height: width }
  if (turns === 2) return { x: x - width, y, width, height: size }
  if (turns === 3) return { x: x - size, y: y - width, width: size, height: width }
  return { x, y: y - size, width, height: size }
}
