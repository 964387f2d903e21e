import type { Block } from '../../core/types.js'
import { type FlowBlock, readFlow } from './odf-flow.js'
import type { OdfStyles } from './odf-styles.js'
import { type Box, readingOrder } from './reading-order.js'
import { type SlideBlock, type SlidePart, slideBlocks, slideNumbers } from './slide.js'
import { attribute, childElements, type XmlElement } from './xml.js'

export interface OdpSlides {
  /** The first slide's title; null where it has none. */
  title: string | null
  pageCount: number
  blocks: Block[]
  warnings: string[]
}

/** What repeats the same thing on every slide, and the slide's own picture on its notes page. */
const furniture = new Set(['header', 'footer', 'date-time', 'page-number', 'page'])

interface Reader {
  styles: OdfStyles
  title: string
  hasPictures: boolean
}

/** The slides of an OpenDocument presentation: a page each, with its title, texts in reading order and notes. */
export function odpSlides(presentation: XmlElement, { styles }: { styles: OdfStyles }): OdpSlides {
  const slides = childElements(presentation, 'page')
  const hidden: number[] = []
  const pictures: number[] = []
  const titles: string[] = []
  const blocks = slides.flatMap((slide, index) => {
    const page = index + 1
    if (styles.isHiddenSlide(attribute(slide, 'draw:style-name'))) {
      hidden.push(page)
      return []
    }
    const reader: Reader = { styles, title: '', hasPictures: false }
    const parts = partsOf(slide, reader)
    if (reader.hasPictures) pictures.push(page)
    if (page === 1) titles.push(reader.title)
    const notes = childElements(slide, 'notes').flatMap((notesPage) => notesOf(notesPage, styles))
    return slideBlocks({ title: reader.title, parts, notes }, { page })
  })
  const isOne = hidden.length === 1
  return {
    title: titles.find((title) => title !== '') ?? null,
    pageCount: slides.length,
    blocks,
    warnings: [
      ...(hidden.length > 0
        ? [`${slideNumbers(hidden)} ${isOne ? 'is' : 'are'} hidden and ${isOne ? 'was' : 'were'} not read`]
        : []),
      ...(pictures.length > 0 ? [`text inside pictures and charts was not read: ${slideNumbers(pictures)}`] : []),
    ],
  }
}

function partsOf(parent: XmlElement, reader: Reader): SlidePart[] {
  return childElements(parent)
    .flatMap((shape): SlidePart[] => {
      const role = attribute(shape, 'presentation:class')
      if (shape.name === 'notes' || furniture.has(role ?? '')) return []
      if (shape.name === 'g') {
        const parts = partsOf(shape, reader)
        return [{ box: around(parts), blocks: readingOrder(parts).flatMap((part) => part.blocks) }]
      }
      const flow = readFlow({ name: '', attributes: {}, children: [shape] }, { styles: reader.styles })
      if (flow.pictures + flow.objects > 0) reader.hasPictures = true
      if (role === 'title' && reader.title === '') {
        reader.title = flow.blocks
          .map((block) => (block.kind === 'table' ? '' : block.text))
          .join(' ')
          .replace(/\s+/g, ' ')
          .trim()
        return []
      }
      return [{ box: boxOf(shape), blocks: flow.blocks.map(onSlide) }]
    })
    .filter((part) => part.blocks.length > 0)
}

function notesOf(notesPage: XmlElement, styles: OdfStyles): SlideBlock[] {
  return childElements(notesPage)
    .filter((shape) => attribute(shape, 'presentation:class') === 'notes')
    .flatMap((shape) => readFlow(shape, { styles }).blocks.map(onSlide))
}

/** A slide has one heading: its title. */
function onSlide(block: FlowBlock): SlideBlock {
  return block.kind === 'heading' ? { kind: 'paragraph', text: block.text } : block
}

const millimetres: Record<string, number> = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72, pc: 25.4 / 6, px: 25.4 / 96 }

function length(shape: XmlElement, name: string): number {
  const [, number, unit] = /^(-?[\d.]{1,20})(mm|cm|in|pt|pc|px)$/.exec(attribute(shape, name) ?? '') ?? []
  return Number(number) * (millimetres[unit ?? ''] ?? Number.NaN)
}

function boxOf(shape: XmlElement): Box | null {
  const box = {
    left: length(shape, 'svg:x'),
    top: length(shape, 'svg:y'),
    width: length(shape, 'svg:width'),
    height: length(shape, 'svg:height'),
  }
  return Object.values(box).every(Number.isFinite) ? box : null
}

/** A group has no place of its own. */
function around(parts: readonly SlidePart[]): Box | null {
  const boxes = parts.flatMap((part) => part.box ?? [])
  if (boxes.length === 0) return null
  const left = Math.min(...boxes.map((box) => box.left))
  const top = Math.min(...boxes.map((box) => box.top))
  const right = Math.max(...boxes.map((box) => box.left + box.width))
  const bottom = Math.max(...boxes.map((box) => box.top + box.height))
  return { left, top, width: right - left, height: bottom - top }
}
