import { type Aside, emptyAside, inlineText, isDrawing, isSilent, readFrame } from './odf-inline.js'
import type { OdfStyles } from './odf-styles.js'
import { odfTable } from './odf-table.js'
import type { SlideBlock } from './slide.js'
import { attribute, childElements, elementsNamed, type XmlElement } from './xml.js'

export type FlowBlock = SlideBlock | { kind: 'heading'; text: string; level: number; isTitle: boolean }

export interface Flow {
  blocks: FlowBlock[]
  /** Pictures without a description. */
  pictures: number
  /** Charts, formulas and objects of other programs. */
  objects: number
}

interface Reader extends Flow {
  styles: OdfStyles
  /** The last number of each list style, for lists that go on after a paragraph. */
  counts: Map<string, number>
}

/** Lists of the document's own headings, tables and pictures: they would be found before the text itself. */
const indexes = new Set(
  'table-of-content alphabetical-index illustration-index table-index object-index user-index'.split(' '),
)
const deepestList = 12

/** Reads running text: headings, paragraphs, lists, tables, and what is anchored in them, each after its paragraph. */
export function readFlow(parent: XmlElement, { styles }: { styles: OdfStyles }): Flow {
  const reader: Reader = { blocks: [], pictures: 0, objects: 0, styles, counts: new Map() }
  readChildren(parent, reader)
  return reader
}

function readChildren(parent: XmlElement, reader: Reader): void {
  for (const child of childElements(parent)) readElement(child, reader)
}

function readElement(element: XmlElement, reader: Reader): void {
  if (isSilent(element) || indexes.has(element.name) || attribute(element, 'display') === 'none') return
  const aside = emptyAside()
  if (element.name === 'p' || element.name === 'h') readParagraph(element, { reader, aside })
  else if (element.name === 'list') readList(element, { reader, aside })
  else if (element.name === 'table') reader.blocks.push(odfTable(element, aside))
  else if (element.name === 'frame') readFrame(element, aside)
  else readChildren(element, reader)
  readAside(aside, reader)
}

function readParagraph(element: XmlElement, { reader, aside }: { reader: Reader; aside: Aside }): void {
  const text = element.children.map((child) => inlineText(child, aside)).join('')
  if (text.trim() === '') return
  const role = reader.styles.paragraphRole(attribute(element, 'style-name'))
  if (element.name === 'h' || role !== null) {
    const written = element.name === 'h' ? Number(attribute(element, 'outline-level') ?? 1) : 1
    const level = element.name !== 'h' && typeof role === 'number' ? role : written
    reader.blocks.push({ kind: 'heading', text, level, isTitle: role === 'title' })
  } else reader.blocks.push({ kind: 'paragraph', text: text.trim() })
}

function readAside(aside: Aside, reader: Reader): void {
  reader.pictures += aside.pictures
  reader.objects += aside.objects
  for (const text of aside.captions) reader.blocks.push({ kind: 'caption', text })
  for (const { mark, body } of aside.notes) {
    const inner = emptyAside()
    const text = childElements(body)
      .map((child) => inlineText(child, inner))
      .join(' ')
    reader.blocks.push({ kind: 'paragraph', text: `${mark} ${text.trim()}` })
    readAside(inner, reader)
  }
  for (const box of aside.boxes) {
    if (isDrawing(box)) readChildren(box, reader)
    else readElement(box, reader)
  }
}

function readList(list: XmlElement, { reader, aside }: { reader: Reader; aside: Aside }): void {
  // Numbered headings are kept as lists of headings.
  if (elementsNamed(list, 'h').length > 0) {
    readChildren(list, reader)
    return
  }
  const lines = listLines(list, { reader, aside, depth: 0, style: null })
  if (lines.length > 0) reader.blocks.push({ kind: 'list', text: lines.join('\n') })
}

interface ListPlace {
  reader: Reader
  aside: Aside
  depth: number
  style: string | null
}

function listLines(list: XmlElement, { reader, aside, depth, style: outer }: ListPlace): string[] {
  const style = attribute(list, 'style-name') ?? outer
  const isNumbered = reader.styles.isNumbered(style, depth + 1)
  const key = `${style} ${depth}`
  const goesOn = attribute(list, 'continue-numbering') === 'true' || attribute(list, 'continue-list') !== null
  let number = goesOn ? (reader.counts.get(key) ?? 0) : 0
  const lines = childElements(list).flatMap((item) => {
    if (item.name !== 'list-item' && item.name !== 'list-header') return []
    const nested = childElements(item, 'list')
    const own = childElements(item)
      .filter((child) => child.name !== 'list')
      .map((child) => inlineText(child, aside))
    const text = own.join(' ').replace(/\s+/g, ' ').trim()
    if (text !== '') number = Number(attribute(item, 'start-value') ?? number + 1)
    const mark = isNumbered && item.name === 'list-item' ? `${number}.` : '-'
    return [
      ...(text === '' ? [] : [`${'  '.repeat(depth)}${mark} ${text}`]),
      ...nested.flatMap((inner) => listLines(inner, { reader, aside, depth: Math.min(depth + 1, deepestList), style })),
    ]
  })
  reader.counts.set(key, number)
  return lines
}
