import { oneLine } from '../clean-text.js'
import {
  attribute,
  blockTags,
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  isElement,
  isSilent,
  isText,
  wholeText,
} from './html-tree.js'

const deepestList = 12

/** One line an item, two spaces deeper for each nested list. Tables and code inside items are put into `apart`. */
export function listLines(element: HtmlElement, apart: HtmlElement[], depth = 0): string[] {
  const start = Number.parseInt(attribute(element, 'start') ?? '1', 10)
  let number = Number.isFinite(start) ? start : 1
  return element.childNodes.filter(isElement).flatMap((item) => {
    if (isSilent(item)) return []
    if (isList(item)) return listLines(item, apart, Math.min(depth + 1, deepestList))
    const nested: HtmlElement[] = []
    const text = oneLine(itemText(item, nested, apart))
    const mark = element.tagName === 'ol' ? `${number++}.` : '-'
    const own = text === '' ? [] : [`${'  '.repeat(depth)}${mark} ${text}`]
    return [...own, ...nested.flatMap((inner) => listLines(inner, apart, Math.min(depth + 1, deepestList)))]
  })
}

export const isList = (node: HtmlNode) => isElement(node) && /^(ul|ol|menu)$/.test(node.tagName)

function itemText(node: HtmlNode, nestedLists: HtmlElement[], apart: HtmlElement[]): string {
  if (isText(node)) return node.value
  if (!isElement(node)) return ''
  const whole = wholeText(node)
  if (whole !== null) return whole
  if (isSilent(node)) return ''
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

/** One line a term, with what is said of it. */
export function definitionLines(element: HtmlElement): string[] {
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
  return lines
}

/** The text of a cell or note with its paragraphs apart, and without tables inside it. */
export function textBetweenBlocks(node: HtmlNode): string {
  if (isText(node)) return node.value
  if (!isElement(node)) return ''
  const whole = wholeText(node)
  if (whole !== null) return whole
  if (isSilent(node)) return ''
  const text = node.childNodes.map((child) => (isTable(child) ? ' ' : textBetweenBlocks(child))).join('')
  return blockTags.has(node.tagName) ? ` ${text} ` : text
}

const isTable = (node: HtmlNode) => isElement(node) && node.tagName === 'table'
