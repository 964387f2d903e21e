import { isDrawingFile, noteEmbeddedObject } from '../embedded-object.js'
import type { LossList } from '../losses.js'
import { readingOrder } from '../pdf/reading-order.js'
import { gridRows, headerDepth, spanGrid } from '../span-grid.js'
import { attribute, childAt, childElements, elementsNamed, type XmlElement } from '../xml.js'
import { chartBlocks } from './pptx-chart.js'
import { placeholder, type SlideDesign } from './pptx-design.js'
import { diagramBlocks } from './pptx-diagram.js'
import { plainText, preferred, textBlocks } from './pptx-text.js'
import { pictureCaption, type SlideBlock, type SlidePart } from './slide.js'

export interface SlideShapes {
  title: string
  parts: SlidePart[]
}

export interface SlideContext {
  design: SlideDesign
  /** Names inside the archive of what the slide refers to, by relationship id. */
  targets: ReadonlyMap<string, string>
  /** Its charts and diagrams. */
  related: ReadonlyMap<string, XmlElement>
  losses: LossList
  page: number
}

interface Reader extends SlideContext {
  shapes: SlideShapes
}

/** Placeholders that repeat the same thing on every slide. */
const furniture = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg'])

/** Reads the shapes of a slide: text, tables, charts, diagrams and pictures. */
export function slideShapes(slide: XmlElement, context: SlideContext): SlideShapes {
  const shapes: SlideShapes = { title: '', parts: [] }
  const tree = childAt(slide, 'cSld', 'spTree')
  if (tree !== null) shapes.parts = partsOf(tree, { ...context, shapes })
  return shapes
}

/** The speaker's notes on a notes page. */
export function notesBlocks(notesPage: XmlElement): SlideBlock[] {
  return elementsNamed(notesPage, 'sp')
    .filter((shape) => placeholder(shape)?.type === 'body')
    .flatMap((shape) => childElements(shape, 'txBody'))
    .flatMap((body) => textBlocks(body))
}

function partsOf(tree: XmlElement, reader: Reader): SlidePart[] {
  return childElements(tree)
    .flatMap((shape) => {
      if (shape.name === 'AlternateContent') return partsOf(preferred(shape), reader)
      if (isHidden(shape) || furniture.has(placeholder(shape)?.type ?? '')) return []
      if (shape.name === 'grpSp') {
        // What is grouped belongs together, whatever stands beside it.
        const blocks = readingOrder(partsOf(shape, reader)).flatMap((part) => part.blocks)
        return [{ box: reader.design.boxOf(shape), blocks }]
      }
      return [{ box: reader.design.boxOf(shape), blocks: blocksOf(shape, reader) }]
    })
    .filter((part) => part.blocks.length > 0)
}

function isHidden(shape: XmlElement): boolean {
  const properties = childElements(shape).find((child) => /^nv\w*Pr$/.test(child.name))
  const drawing = properties === undefined ? null : childAt(properties, 'cNvPr')
  return drawing !== null && /^(?:1|true)$/.test(attribute(drawing, 'hidden') ?? '')
}

function blocksOf(shape: XmlElement, reader: Reader): SlideBlock[] {
  if (shape.name === 'pic') return pictureBlocks(shape, reader)
  if (shape.name === 'graphicFrame') return graphicBlocks(shape, reader)
  const body = shape.name === 'sp' ? childAt(shape, 'txBody') : null
  if (body === null) return []
  if (placeholder(shape)?.type === 'title' && reader.shapes.title === '') {
    reader.shapes.title = plainText(body)
    return []
  }
  return textBlocks(body, reader.design.listStyles(shape))
}

function pictureBlocks(picture: XmlElement, { targets, losses, page }: Reader): SlideBlock[] {
  const properties = childAt(picture, 'nvPicPr')
  const drawing = properties === null ? null : childAt(properties, 'cNvPr')
  const described = drawing === null ? null : pictureCaption(attribute(drawing, 'descr') ?? '')
  const caption: SlideBlock[] = described === null ? [] : [{ kind: 'caption', text: described }]
  const isFilm =
    properties !== null &&
    ['videoFile', 'audioFile', 'wavAudioFile'].some((name) => elementsNamed(properties, name).length > 0)
  if (isFilm) {
    losses.add('object', 'films and sounds', page)
    return caption
  }
  const target = targets.get(relationshipId(childAt(picture, 'blipFill', 'blip'), 'r:embed'))
  return [...caption, { kind: 'picture', target: target ?? null }]
}

function graphicBlocks(frame: XmlElement, reader: Reader): SlideBlock[] {
  const { related, losses, page } = reader
  const data = childAt(frame, 'graphic', 'graphicData')
  if (data === null) return []
  const table = childAt(data, 'tbl')
  if (table !== null) return tableBlocks(table)
  const chart = childAt(data, 'chart')
  if (chart !== null) return chartBlocks(related.get(relationshipId(chart, 'r:id')) ?? null, { losses, page })
  const diagram = related.get(relationshipId(childAt(data, 'relIds'), 'r:dm'))
  if (diagram !== undefined) return diagramBlocks(diagram)
  return objectBlocks(data, reader)
}

/** An embedded object of another program shows itself as a picture. */
function objectBlocks(data: XmlElement, reader: Reader): SlideBlock[] {
  const object = elementsNamed(data, 'oleObj')[0]
  noteEmbeddedObject(object === undefined ? '' : (attribute(object, 'progId') ?? ''), reader)
  const shown = elementsNamed(data, 'pic')[0]
  const blocks = shown === undefined ? [] : pictureBlocks(shown, reader)
  return blocks.filter((block) => block.kind !== 'picture' || (block.target !== null && !isDrawingFile(block.target)))
}

const relationshipId = (element: XmlElement | null, name: string) =>
  element === null ? '' : (attribute(element, name) ?? '')

function tableBlocks(table: XmlElement): SlideBlock[] {
  const grid = spanGrid(
    childElements(table, 'tr').map((row) =>
      childElements(row, 'tc')
        .filter((cell) => !isCovered(cell))
        .map((cell) => ({
          text: childElements(cell, 'txBody').map(plainText).join(' '),
          columns: Number(attribute(cell, 'gridSpan') ?? 1),
          rows: Number(attribute(cell, 'rowSpan') ?? 1),
        })),
    ),
  )
  const properties = childAt(table, 'tblPr')
  const marksHeader = properties !== null && /^(?:1|true)$/.test(attribute(properties, 'firstRow') ?? '')
  const headerRows = marksHeader ? headerDepth(grid) : 0
  return [{ kind: 'table', rows: gridRows(grid, { headerRows }), hasHeader: marksHeader || grid.length > 1 }]
}

const isCovered = (cell: XmlElement) =>
  ['hMerge', 'vMerge'].some((name) => /^(?:1|true)$/.test(attribute(cell, name) ?? ''))
