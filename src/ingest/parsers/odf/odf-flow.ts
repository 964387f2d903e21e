import type { FlowBlock } from '../flow-block.js'
import { attribute, childElements, elementsNamed, type XmlElement } from '../xml.js'
import {
  type Aside,
  frameText,
  inlineText,
  isDrawing,
  isSilent,
  type OdfContext,
  paragraphs,
  readComment,
} from './odf-inline.js'
import { odfTable } from './odf-table.js'

interface Reader extends Omit<OdfContext, 'aside'> {
  blocks: FlowBlock[]
  /** The last number of each list style, for lists that go on after a paragraph. */
  counts: Map<string, number>
}

/** Lists of the document's own headings, tables and pictures: they would be found before the text itself. */
const indexes = new Set(
  'table-of-content alphabetical-index illustration-index table-index object-index user-index'.split(' '),
)
const deepestList = 12

/** Reads running text: headings, paragraphs, lists, tables, and what is anchored in them, each after its paragraph. */
export function readFlow(parent: XmlElement, context: Omit<OdfContext, 'aside'>): FlowBlock[] {
  const reader: Reader = { ...context, blocks: [], counts: new Map() }
  readChildren(parent, reader)
  return reader.blocks
}

function readChildren(parent: XmlElement, reader: Reader): void {
  for (const child of childElements(parent)) readElement(child, reader)
}

function readElement(element: XmlElement, reader: Reader): void {
  if (isSilent(element) || indexes.has(element.name) || attribute(element, 'display') === 'none') return
  const aside: Aside[] = []
  const context: OdfContext = { ...reader, aside }
  if (element.name === 'p' || element.name === 'h') readParagraph(element, { reader, context })
  else if (element.name === 'list') readList(element, { reader, context })
  else if (element.name === 'table') reader.blocks.push(odfTable(element, context))
  else if (element.name === 'annotation') readComment(element, context)
  else if (element.name === 'frame') {
    const formula = frameText(element, context)
    if (formula !== '') reader.blocks.push({ kind: 'paragraph', text: formula })
  } else readChildren(element, reader)
  readAside(aside, reader)
}

function readParagraph(element: XmlElement, { reader, context }: { reader: Reader; context: OdfContext }): void {
  const style = attribute(element, 'style-name')
  if (reader.styles.isHiddenText(style)) return
  const text = element.children.map((child) => inlineText(child, context)).join('')
  if (text.trim() === '') return
  const role = reader.styles.paragraphRole(style)
  if (element.name === 'h' || role === 'title' || typeof role === 'number') {
    const written = element.name === 'h' ? Number(attribute(element, 'outline-level') ?? 1) : 1
    const level = element.name !== 'h' && typeof role === 'number' ? role : written
    reader.blocks.push({ kind: 'heading', text, level, isTitle: role === 'title' })
  } else if (role === 'code') addCode(text.trimEnd(), reader)
  else reader.blocks.push({ kind: role ?? 'paragraph', text: text.trim() })
}

/** Each line of a program is a paragraph of its own. */
function addCode(line: string, { blocks }: Reader): void {
  const last = blocks.at(-1)
  if (last?.kind === 'code') last.text += `\n${line}`
  else blocks.push({ kind: 'code', text: line })
}

function readAside(aside: readonly Aside[], reader: Reader): void {
  for (const one of aside) {
    if (one.kind === 'block') reader.blocks.push(one.block)
    else if (one.kind === 'note') {
      const inner: Aside[] = []
      const text = paragraphs(one.body, { ...reader, aside: inner })
      reader.blocks.push({ kind: 'footnote', text: `${one.mark} ${text}` })
      readAside(inner, reader)
    } else if (isDrawing(one.content)) readChildren(one.content, reader)
    else readElement(one.content, reader)
  }
}

function readList(list: XmlElement, { reader, context }: { reader: Reader; context: OdfContext }): void {
  // Numbered headings are kept as lists of headings.
  if (elementsNamed(list, 'h').length > 0) {
    readChildren(list, reader)
    return
  }
  const lines = listLines(list, { reader, context, depth: 0, style: null })
  if (lines.length > 0) reader.blocks.push({ kind: 'list', text: lines.join('\n') })
}

interface ListPlace {
  reader: Reader
  context: OdfContext
  depth: number
  style: string | null
}

function listLines(list: XmlElement, { reader, context, depth, style: outer }: ListPlace): string[] {
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
      .map((child) => inlineText(child, context))
    const text = own.join(' ').replace(/\s+/g, ' ').trim()
    if (text !== '') number = Number(attribute(item, 'start-value') ?? number + 1)
    const mark = isNumbered && item.name === 'list-item' ? `${number}.` : '-'
    return [
      ...(text === '' ? [] : [`${'  '.repeat(depth)}${mark} ${text}`]),
      ...nested.flatMap((inner) =>
        listLines(inner, { reader, context, depth: Math.min(depth + 1, deepestList), style }),
      ),
    ]
  })
  reader.counts.set(key, number)
  return lines
}
