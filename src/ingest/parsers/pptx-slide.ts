import { chartBlocks } from './pptx-chart.js'
import { placeholder, type SlideDesign } from './pptx-design.js'
import { diagramBlocks } from './pptx-diagram.js'
import { hasFormula, plainText, preferred, textBlocks } from './pptx-text.js'
import { readingOrder } from './reading-order.js'
import { pictureCaption, type SlideBlock, type SlidePart } from './slide.js'
import { gridRows, headerDepth, spanGrid } from './span-grid.js'
import { attribute, childAt, childElements, elementsNamed, type XmlElement } from './xml.js'

export interface SlideShapes {
  title: string
  parts: SlidePart[]
  /** Whether something could not be read. */
  hasPictures: boolean
  hasFormulas: boolean
}

interface Reader {
  design: SlideDesign
  related: ReadonlyMap<string, XmlElement>
  shapes: SlideShapes
}

/** Placeholders that repeat the same thing on every slide. */
const furniture = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg'])

/**
 * Reads the shapes of a slide: text, tables, charts, diagrams and described pictures.
 * @param related the slide's chart and diagram parts by their relationship id
 */
export function slideShapes(
  slide: XmlElement,
  { design, related }: { design: SlideDesign; related: ReadonlyMap<string, XmlElement> },
): SlideShapes {
  const shapes: SlideShapes = { title: '', parts: [], hasPictures: false, hasFormulas: false }
  const tree = childAt(slide, 'cSld', 'spTree')
  if (tree !== null) shapes.parts = partsOf(tree, { design, related, shapes })
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
  if (hasFormula(body)) reader.shapes.hasFormulas = true
  if (placeholder(shape)?.type === 'title' && reader.shapes.title === '') {
    reader.shapes.title = plainText(body)
    return []
  }
  return textBlocks(body, reader.design.listStyles(shape))
}

function pictureBlocks(picture: XmlElement, reader: Reader): SlideBlock[] {
  const drawing = childAt(picture, 'nvPicPr', 'cNvPr')
  const caption = drawing === null ? null : pictureCaption(attribute(drawing, 'descr') ?? '')
  if (caption !== null) return [{ kind: 'caption', text: caption }]
  reader.shapes.hasPictures = true
  return []
}

function graphicBlocks(frame: XmlElement, reader: Reader): SlideBlock[] {
  const data = childAt(frame, 'graphic', 'graphicData')
  if (data === null) return []
  const table = childAt(data, 'tbl')
  if (table !== null) return tableBlocks(table, reader)
  const chart = reader.related.get(relationshipId(childAt(data, 'chart'), 'r:id'))
  if (chart !== undefined) return chartBlocks(chart)
  const diagram = reader.related.get(relationshipId(childAt(data, 'relIds'), 'r:dm'))
  if (diagram !== undefined) return diagramBlocks(diagram)
  // An embedded object of another program shows itself as a picture.
  reader.shapes.hasPictures = true
  return []
}

const relationshipId = (element: XmlElement | null, name: string) =>
  element === null ? '' : (attribute(element, name) ?? '')

function tableBlocks(table: XmlElement, reader: Reader): SlideBlock[] {
  if (hasFormula(table)) reader.shapes.hasFormulas = true
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
