import { readingOrder } from './pdf-columns.js'
import type { Frame } from './pdf-frame.js'
import { withoutFurniture } from './pdf-furniture.js'
import { withoutLineNumbers } from './pdf-line-numbers.js'
import type { Line } from './pdf-lines.js'
import type { Aside } from './pdf-page.js'
import { ruledTables } from './pdf-ruled-tables.js'
import { type Ruling, uprightRulings } from './pdf-rulings.js'
import type { SourcePage } from './pdf-source.js'
import { type TextLayer, textLayer } from './pdf-text-layer.js'

export interface LaidOutPage {
  /** Counts from 1. */
  page: number
  /** Of the page as it is read. */
  height: number
  frame: Frame
  layer: TextLayer
  /** Share of the page that pictures cover, 0 to 1. */
  pictureShare: number
  /** Lines in reading order, by region. */
  regions: Line[][]
  aside: Aside[]
  /** Horizontal rulings outside tables. */
  rules: Ruling[]
}

/** Puts the text of each page in reading order, with its ruled tables in their places and without running heads. */
export function layOut(pages: readonly (SourcePage & { page: number })[]): LaidOutPage[] {
  const bodies = withoutFurniture(pages.map(({ text }) => text)).map(withoutLineNumbers)
  return pages.map(({ page, text, drawing }, index) =>
    layOutPage({ page, text: bodies[index] ?? text, drawing }, textLayer(text, drawing)),
  )
}

function layOutPage({ page, text, drawing }: SourcePage & { page: number }, layer: TextLayer): LaidOutPage {
  const { height, frame, runs, aside } = text
  const rulings = layer === 'good' ? uprightRulings(drawing?.rulings ?? [], frame) : []
  const { tables, rest } = ruledTables(runs, rulings)
  const isFree = ({ at, from, to }: Ruling) =>
    !tables.some((table) => at > table.top - 1 && at < table.y + 1 && from < table.right && to > table.x)
  return {
    page,
    height,
    frame,
    layer,
    pictureShare: drawing?.pictureShare ?? 0,
    regions: readingOrder(rest, tables),
    aside,
    rules: rulings.filter((ruling) => !ruling.isVertical && isFree(ruling)),
  }
}
