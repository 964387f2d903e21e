import type { Block } from '../../../core/types.js'
import { type FlowBlock, flowText, type PlacedPicture } from '../flow-block.js'
import { type Box, readingOrder } from '../pdf/reading-order.js'
import { type SlideBlock, type SlidePart, slideBlocks } from '../pptx/slide.js'
import { attribute, childElements, type XmlElement } from '../xml.js'
import { readFlow } from './odf-flow.js'
import type { OdfContext } from './odf-inline.js'

export interface OdpSlides {
  /** The first slide's title; null where it has none. */
  title: string | null
  firstHeading: null
  pageCount: number
  blocks: Block[]
  pictures: PlacedPicture[]
}

/** What repeats the same thing on every slide, and the slide's own picture on its notes page. */
const furniture = new Set(['header', 'footer', 'date-time', 'page-number', 'page'])

interface Reader extends Omit<OdfContext, 'aside'> {
  title: string
}

/** The slides of an OpenDocument presentation: a page each, with its title, texts in reading order and notes. */
export function odpSlides(presentation: XmlElement, context: Omit<OdfContext, 'aside' | 'page'>): OdpSlides {
  const slides = childElements(presentation, 'page')
  const blocks: Block[] = []
  const pictures: PlacedPicture[] = []
  let title = ''
  for (const [index, slide] of slides.entries()) {
    const page = index + 1
    if (context.styles.isHiddenSlide(attribute(slide, 'draw:style-name'))) {
      context.losses.add('page', 'hidden slides are not read', page)
      continue
    }
    const reader: Reader = { ...context, page, title: '' }
    const parts = partsOf(slide, reader)
    if (page === 1) title = reader.title
    const notes = childElements(slide, 'notes').flatMap((notesPage) => notesOf(notesPage, reader))
    const read = slideBlocks({ title: reader.title, parts, notes }, { page })
    for (const { target, place } of read.pictures) {
      pictures.push({ target, place: { ...place, at: blocks.length + place.at } })
    }
    blocks.push(...read.blocks)
  }
  return { title: title === '' ? null : title, firstHeading: null, pageCount: slides.length, blocks, pictures }
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
      const flow = readFlow({ name: '', attributes: {}, children: [shape] }, reader)
      if (role === 'title' && reader.title === '') {
        reader.title = flowText(flow)
        return []
      }
      return [{ box: boxOf(shape), blocks: flow.map(onSlide) }]
    })
    .filter((part) => part.blocks.length > 0)
}

function notesOf(notesPage: XmlElement, reader: Reader): SlideBlock[] {
  return childElements(notesPage)
    .filter((shape) => attribute(shape, 'presentation:class') === 'notes')
    .flatMap((shape) => readFlow(shape, reader).map(onSlide))
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
