import type { Block } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { oneLine } from './clean-text.js'
import { isLayoutTable, readTable } from './html-table.js'
import {
  attribute,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isSilent,
  isText,
  rawText,
} from './html-tree.js'
import { numberedHeadingLevel } from './numbered-heading.js'

const blockTags = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table ul'.split(
    ' ',
  ),
)

interface Reader {
  list: BlockList
  /** Inline text since the last block. */
  pending: string[]
  /** Whether short numbered paragraphs, such as 第一章 总则, are headings. */
  readsNumbers: boolean
}

/**
 * Reads HTML below `root` into blocks: headings, paragraphs, lists (one line an item, nested ones indented), tables, code.
 * @param numberedHeadings take short numbered paragraphs for headings, as Word files have them without a heading style
 */
export function htmlBlocks(root: HtmlParent, { numberedHeadings = false } = {}): Block[] {
  const reader: Reader = { list: blockList(), pending: [], readsNumbers: numberedHeadings }
  readChildren(root, reader)
  flush(reader)
  return reader.list.blocks
}

function readChildren(parent: HtmlParent, reader: Reader): void {
  for (const child of parent.childNodes) readNode(child, reader)
}

function readNode(node: HtmlNode, reader: Reader): void {
  if (isText(node)) {
    reader.pending.push(node.value.replace(/\s+/g, ' '))
    return
  }
  if (!isElement(node) || isSilent(node)) return
  if (node.tagName === 'br') reader.pending.push('\n')
  else if (blockTags.has(node.tagName)) readBlock(node, reader)
  else readChildren(node, reader)
}

function readBlock(element: HtmlElement, reader: Reader): void {
  flush(reader)
  const { list } = reader
  const level = /^h([1-6])$/.exec(element.tagName)?.[1]
  if (level !== undefined) list.heading(rawText(element), { level: Number(level) })
  else if (element.tagName === 'pre') list.add('code', rawText(element).replace(/^\n/, ''))
  else if (element.tagName === 'figcaption') list.add('caption', oneLine(rawText(element)))
  else if (element.tagName === 'table') readTableElement(element, reader)
  else if (element.tagName === 'ul' || element.tagName === 'ol' || element.tagName === 'menu') readList(element, reader)
  else if (element.tagName === 'dl') readDefinitions(element, reader)
  else readChildren(element, reader)
  flush(reader)
}

/** Ends the paragraph at hand. */
function flush(reader: Reader): void {
  const text = tidyLines(reader.pending.join(''))
  reader.pending.length = 0
  if (text === '') return
  const level = reader.readsNumbers ? numberedHeadingLevel(text) : null
  if (level === null) reader.list.add('paragraph', text)
  else reader.list.heading(text, { level })
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

/** A cell's text with its paragraphs apart, and without tables inside it. */
function textBetweenBlocks(node: HtmlNode): string {
  if (isText(node)) return node.value
  if (!isElement(node) || isSilent(node)) return ''
  if (node.tagName === 'br') return ' '
  const text = node.childNodes.map((child) => (isTable(child) ? ' ' : textBetweenBlocks(child))).join('')
  return blockTags.has(node.tagName) ? ` ${text} ` : text
}

const isTable = (node: HtmlNode) => isElement(node) && node.tagName === 'table'

function readList(element: HtmlElement, reader: Reader): void {
  const tables: HtmlElement[] = []
  reader.list.add('list', listLines(element, 0, tables).join('\n'))
  for (const table of tables) readBlock(table, reader)
}

const deepestList = 12

/** One line an item, two spaces deeper for each nested list. Tables and code inside items are put into `apart`. */
function listLines(element: HtmlElement, depth: number, apart: HtmlElement[]): string[] {
  const start = Number.parseInt(attribute(element, 'start') ?? '1', 10)
  let number = Number.isFinite(start) ? start : 1
  return element.childNodes.filter(isElement).flatMap((item) => {
    if (isSilent(item)) return []
    if (isList(item)) return listLines(item, Math.min(depth + 1, deepestList), apart)
    const lines: HtmlElement[] = []
    const text = oneLine(itemText(item, lines, apart))
    const mark = element.tagName === 'ol' ? `${number++}.` : '-'
    const own = text === '' ? [] : [`${'  '.repeat(depth)}${mark} ${text}`]
    return [...own, ...lines.flatMap((inner) => listLines(inner, Math.min(depth + 1, deepestList), apart))]
  })
}

const isList = (node: HtmlNode) => isElement(node) && /^(ul|ol|menu)$/.test(node.tagName)

function itemText(node: HtmlNode, nestedLists: HtmlElement[], apart: HtmlElement[]): string {
  if (isText(node)) return node.value
  if (!isElement(node) || isSilent(node)) return ''
  if (node.tagName === 'br') return ' '
  if (isList(node)) {
    nestedLists.push(node)
    return ' '
  }
  if (node.tagName === 'table' || node.tagName === 'pre') {
    apart.push(node)
    return ' '
  }
  const text = node.childNodes.map((child) => itemText(child, nestedLists, apart)).join('')
  return blockTags.has(node.tagName) ? ` ${text} ` : text
}

function readDefinitions(element: HtmlElement, reader: Reader): void {
  const lines: string[] = []
  const collect = (parent: HtmlParent) => {
    for (const child of parent.childNodes.filter(isElement)) {
      const text = oneLine(textBetweenBlocks(child))
      if (child.tagName === 'div') collect(child)
      else if (child.tagName === 'dd' && lines.length > 0 && text !== '') lines.push(`${lines.pop()}: ${text}`)
      else if (text !== '') lines.push(text)
    }
  }
  collect(element)
  reader.list.add('list', lines.join('\n'))
}
