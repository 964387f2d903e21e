import type { Block } from '../../../core/types.js'
import { type BlockList, blockList } from '../block-list.js'
import { withCaptions } from '../captions.js'
import { oneLine } from '../clean-text.js'
import { type LossList, lossList } from '../losses.js'
import { numberedHeadingLevel } from '../numbered-heading.js'
import { isFurniture } from './html-furniture.js'
import { type HtmlImage, imageOf, imagesIn, type PlacedImage } from './html-images.js'
import { definitionLines, isList, listLines, textBetweenBlocks } from './html-list.js'
import { isNote, notesIn, noteText } from './html-notes.js'
import { isLayoutTable, readTable } from './html-table.js'
import {
  blockTags,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isSilent,
  isText,
  rawText,
  wholeText,
} from './html-tree.js'

interface Reader {
  list: BlockList
  /** Inline text since the last block. */
  pending: string[]
  /** Pictures since the last block. */
  waiting: HtmlImage[]
  images: PlacedImage[]
  losses: LossList
  /** Whether short numbered paragraphs, such as 第一章 总则, are headings. */
  readsNumbers: boolean
}

interface HtmlOptions {
  numberedHeadings?: boolean
  losses?: LossList
}

/**
 * Reads HTML below `root` into blocks: headings, paragraphs, lists (one line an item, nested ones indented), tables, code,
 * notes, captions. What stands around the content of a page is left out.
 * @param options `numberedHeadings` takes short numbered paragraphs for headings; `losses` is told of films and sounds
 */
export function htmlBlocks(root: HtmlParent, options: HtmlOptions = {}): Block[] {
  return htmlContent(root, options).blocks
}

/** As `htmlBlocks`, with the pictures that stand between the blocks. */
export function htmlContent(
  root: HtmlParent,
  { numberedHeadings = false, losses = lossList() }: HtmlOptions = {},
): { blocks: Block[]; images: PlacedImage[] } {
  const reader: Reader = {
    list: blockList(),
    pending: [],
    waiting: [],
    images: [],
    losses,
    readsNumbers: numberedHeadings,
  }
  readChildren(root, reader)
  flush(reader)
  const places = reader.images.map(({ place }) => place)
  return { blocks: withCaptions(reader.list.blocks, places), images: reader.images }
}

function readChildren(parent: HtmlParent, reader: Reader): void {
  for (const child of parent.childNodes) readNode(child, reader)
}

const players = new Set(['video', 'audio', 'object', 'embed'])

function readNode(node: HtmlNode, reader: Reader): void {
  if (isText(node)) {
    reader.pending.push(node.value.replace(/\s+/g, ' '))
    return
  }
  if (!isElement(node)) return
  const whole = wholeText(node)
  const image = imageOf(node)
  if (whole !== null) reader.pending.push(whole)
  else if (image !== null) reader.waiting.push(image)
  else if (players.has(node.tagName)) reader.losses.add('object', 'films, sounds and embedded programs')
  else if (isSilent(node) || isFurniture(node)) return
  else if (isNote(node)) readNotes([node], reader)
  else if (blockTags.has(node.tagName)) readBlock(node, reader)
  else readChildren(node, reader)
}

function readBlock(element: HtmlElement, reader: Reader): void {
  flush(reader)
  const { list } = reader
  const level = /^h([1-6])$/.exec(element.tagName)?.[1]
  const notes = notesIn(element)
  if (notes !== null) readNotes(notes, reader)
  else if (level !== undefined) list.heading(rawText(element), { level: Number(level) })
  else if (element.tagName === 'pre') list.add('code', rawText(element).replace(/^\n/, ''))
  else if (element.tagName === 'figcaption') list.add('caption', oneLine(rawText(element)))
  else if (element.tagName === 'table') readTableElement(element, reader)
  else if (isList(element)) readList(element, reader)
  else if (element.tagName === 'dl') list.add('list', definitionLines(element).join('\n'))
  else {
    readChildren(element, reader)
    flush(reader)
    return
  }
  if (element.tagName !== 'table' || !isLayoutTable(element)) reader.waiting = reader.waiting.concat(imagesIn(element))
  flush(reader)
}

function readNotes(notes: readonly HtmlElement[], reader: Reader): void {
  flush(reader)
  notes.forEach((note, index) => {
    const number = note.tagName === 'li' ? index + 1 : null
    reader.list.add('footnote', noteText(oneLine(textBetweenBlocks(note)), number))
  })
}

/** Ends the paragraph at hand; its pictures stand after it. */
function flush(reader: Reader): void {
  const text = tidyLines(reader.pending.join(''))
  reader.pending.length = 0
  if (text !== '') {
    const level = reader.readsNumbers ? numberedHeadingLevel(text) : null
    if (level === null) reader.list.add('paragraph', text)
    else reader.list.heading(text, { level })
  }
  for (const image of reader.waiting.splice(0)) {
    if (image.caption !== null) reader.list.add('caption', oneLine(image.caption))
    reader.images.push({ ...image, place: reader.list.place() })
  }
}

function tidyLines(text: string): string {
  return text
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .join('\n')
}

function readTableElement(table: HtmlElement, reader: Reader): void {
  if (isLayoutTable(table)) {
    for (const child of table.childNodes) readRows(child, reader)
    return
  }
  const { rows, hasHeader, caption, nested } = readTable(table, (cell) => oneLine(textBetweenBlocks(cell)))
  if (caption !== null) reader.list.add('caption', oneLine(rawText(caption)))
  if (rows.every(isListRow))
    reader.list.add('list', rows.map((row) => row.filter((cell) => cell !== '').join(' ')).join('\n'))
  else reader.list.table(rows, { hasHeader })
  for (const inner of nested) readTableElement(inner, reader)
}

/** Reports converted from print set lists as tables: a bullet or number, then the text. */
function isListRow(row: readonly string[]): boolean {
  const [mark = '', ...rest] = row.filter((cell) => cell !== '')
  return rest.length === 1 && /^(?:[•●▪■◆○◦·*–—-]|[(（]?[\da-zA-Z]{1,2}[.)）])$/.test(mark)
}

/** A layout table's cells are read as sections of the page. */
function readRows(node: HtmlNode, reader: Reader): void {
  if (!isElement(node) || isSilent(node)) return
  const isCell = node.tagName === 'td' || node.tagName === 'th' || node.tagName === 'caption'
  if (isCell) {
    readChildren(node, reader)
    flush(reader)
  } else {
    for (const child of node.childNodes) readRows(child, reader)
  }
}

function readList(element: HtmlElement, reader: Reader): void {
  const apart: HtmlElement[] = []
  reader.list.add('list', listLines(element, apart).join('\n'))
  for (const inner of apart) readBlock(inner, reader)
}
