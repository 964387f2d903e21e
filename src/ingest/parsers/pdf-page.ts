import { withoutRadicals } from '../../core/radicals.js'
import { cleanText } from './clean-text.js'

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

/** Text set in one go. Points, from the upper left corner of the page as it is read; `y` is the baseline. */
export interface Run {
  text: string
  x: number
  y: number
  width: number
  size: number
  font: string
}

export interface PageText {
  page: number
  width: number
  height: number
  runs: Run[]
  /** Text that stands in another direction than most of the page. */
  aside: string[]
}

interface Turned extends Run {
  quarterTurns: number
}

interface PageFrame {
  page: number
  width: number
  height: number
  /** The viewport's matrix: from PDF space to the page as it is shown. */
  transform: readonly number[]
}

/** Brings a page's text upright, whatever way it is turned. */
export function readItems(items: readonly TextItem[], frame: PageFrame): PageText {
  const written = items.filter((item) => item.str.trim() !== '')
  const inOrder = items.filter((item) => item.vertical || item.dir === 'rtl')
  const { page, width, height } = frame
  if (inOrder.length > written.length / 2) {
    return { page, width, height, runs: runsInOrder(items, { width, height }), aside: [] }
  }
  const turned = written.map((item) => turn(item, frame))
  const quarterTurns = mostCommonTurn(turned)
  const isSideways = quarterTurns % 2 !== 0
  return {
    page,
    width: isSideways ? height : width,
    height: isSideways ? width : height,
    runs: turned.filter((run) => run.quarterTurns === quarterTurns).map((run) => upright(run, frame)),
    aside: joinRuns(turned.filter((run) => run.quarterTurns !== quarterTurns)),
  }
}

function turn(item: TextItem, { transform }: PageFrame): Turned {
  const [a = 1, b = 0, c = 0, d = -1, e = 0, f = 0] = transform
  const [ia = 1, ib = 0, ic = 0, id = 1, ix = 0, iy = 0] = item.transform
  const across = { x: a * ia + c * ib, y: b * ia + d * ib }
  const up = { x: a * ic + c * id, y: b * ic + d * id }
  const size = Math.hypot(up.x, up.y) || item.height || 10
  return {
    text: withoutRadicals(cleanText(item.str)),
    x: a * ix + c * iy + e,
    y: b * ix + d * iy + f,
    width: item.width,
    size,
    font: item.fontName,
    quarterTurns: (Math.round(Math.atan2(across.y, across.x) / (Math.PI / 2)) + 4) % 4,
  }
}

function mostCommonTurn(runs: readonly Turned[]): number {
  const characters = [0, 0, 0, 0]
  for (const run of runs) characters[run.quarterTurns] = (characters[run.quarterTurns] ?? 0) + run.text.length
  return characters.indexOf(Math.max(...characters))
}

function upright({ quarterTurns, ...run }: Turned, { width, height }: PageFrame): Run {
  if (quarterTurns === 1) return { ...run, x: run.y, y: width - run.x }
  if (quarterTurns === 2) return { ...run, x: width - run.x, y: height - run.y }
  if (quarterTurns === 3) return { ...run, x: height - run.y, y: run.x }
  return run
}

/** Vertical and right-to-left text keeps the order of the file: each line becomes one run, the lines below each other. */
function runsInOrder(items: readonly TextItem[], { width, height }: { width: number; height: number }): Run[] {
  const lines: string[] = ['']
  for (const item of items) {
    lines.push(`${lines.pop() ?? ''}${item.str}`)
    if (item.hasEOL) lines.push('')
  }
  const written = lines.map((line) => withoutRadicals(cleanText(line)).trim()).filter((line) => line !== '')
  const leading = Math.min(14, (height * 0.7) / Math.max(1, written.length))
  return written.map((text, index) => ({
    text,
    x: width * 0.1,
    y: height * 0.15 + index * leading,
    width: width * 0.8,
    size: leading / 1.4,
    font: '',
  }))
}

/** Runs that follow each other at the same place across their direction are one text. */
function joinRuns(runs: readonly Turned[]): string[] {
  const texts: string[] = []
  let last: Turned | null = null
  for (const run of runs) {
    const sideways = run.quarterTurns % 2 !== 0
    const isSameLine =
      last !== null &&
      last.quarterTurns === run.quarterTurns &&
      Math.abs(sideways ? run.x - last.x : run.y - last.y) < run.size * 0.5
    if (isSameLine) texts.push(`${texts.pop() ?? ''} ${run.text}`)
    else texts.push(run.text)
    last = run
  }
  return texts
}
