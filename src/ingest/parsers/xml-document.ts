import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { oneLine } from './clean-text.js'
import { decodeText } from './decode.js'
import { childElements, elementsNamed, parseXml, textOf, type XmlElement } from './xml.js'

const mediaType = 'application/xml'
const svgMediaType = 'image/svg+xml'

/**
 * XML of any vocabulary: a block for each record (an element whose children are plain values) and each element of running
 * text, under the path of its elements. Of drawings (SVG) the text that is drawn, its title and description.
 */
export function xmlParser(): Parser {
  return { mediaTypes: [mediaType, svgMediaType], parse: async (bytes) => readXml(bytes) }
}

function readXml(bytes: Uint8Array): ParsedFile {
  const root = parseXml(Buffer.from(withoutDoctype(xmlText(bytes))), 'the XML text')
  const list = blockList()
  const isDrawing = root.name.toLowerCase() === 'svg'
  if (isDrawing) addDrawing(list, root)
  else addElement(list, root, [])
  const title = isDrawing ? childElements(root, 'title')[0] : undefined
  return {
    title: title === undefined ? null : oneLine(textOf(title)) || null,
    mediaType: isDrawing ? svgMediaType : mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members: [],
    losses: [],
    warnings: [],
    metadata: {},
  }
}

function xmlText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const declared = /<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:-]{2,40})/i.exec(head)?.[1] ?? null
  return decodeText(bytes, { declared }).text.replace(/^\uFEFF/, '')
}

/**
 * Takes the document type declaration out, with the entities in it: what they stand for is never looked up, and a text
 * that uses them is refused as not well-formed.
 */
function withoutDoctype(text: string): string {
  const start = /^(?:\s|<\?[^>]*>|<!--[\s\S]*?-->)*/.exec(text)?.[0].length ?? 0
  if (!/^<!DOCTYPE/i.test(text.slice(start, start + 9))) return text
  let [quote, depth] = ['', 0]
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '[') depth += 1
    else if (character === ']') depth -= 1
    else if (character === '>' && depth <= 0) return text.slice(0, start) + text.slice(at + 1)
  }
  return text
}

function addElement(list: BlockList, element: XmlElement, path: readonly string[]): void {
  const here = [...path, element.name]
  if (isRunningText(element)) {
    addRecord(list, here, [...attributesOf(element), oneLine(textOf(element))])
    return
  }
  const children = childElements(element)
  // Among running text the order counts; the values of a record belong together.
  const isText = children.some((child) => isRunningText(child) && !isValue(child))
  let lines = attributesOf(element)
  const flush = () => {
    addRecord(list, here, lines)
    lines = []
  }
  if (!isText) {
    lines.push(...children.filter(isValue).flatMap(valueLines))
    flush()
  }
  for (const child of children) {
    if (!isValue(child)) {
      flush()
      addElement(list, child, here)
    } else if (isText) lines.push(...valueLines(child))
  }
  flush()
}

function addRecord(list: BlockList, path: readonly string[], lines: readonly string[]): void {
  const filled = lines.filter((line) => line !== '')
  if (filled.length > 0) list.add('paragraph', `${path.join(' > ')}\n${filled.join('\n')}`)
}

/** Words of its own beside those of its children, such as a sentence with a part in bold. */
function isRunningText(element: XmlElement): boolean {
  return element.children.some((child) => typeof child === 'string' && child.trim() !== '')
}

const isValue = (element: XmlElement) => childElements(element).length === 0

function valueLines(element: XmlElement): string[] {
  const text = oneLine(textOf(element))
  const attributes = attributesOf(element).map((line) => `${element.name} ${line}`)
  return [...(text === '' ? [] : [`${element.name}: ${text}`]), ...attributes]
}

function attributesOf({ attributes }: XmlElement): string[] {
  return Object.entries(attributes)
    .filter(([name, value]) => !/^xmlns(?::|$)|^xsi:/i.test(name) && value.trim() !== '')
    .map(([name, value]) => `${name}: ${oneLine(value)}`)
}

const drawnText = ['title', 'desc', 'text', 'foreignObject']

function addDrawing(list: BlockList, root: XmlElement): void {
  for (const name of drawnText) {
    for (const element of elementsNamed(root, name)) list.add('paragraph', oneLine(spacedText(element)))
  }
}

/** Words in parts of a drawn text stand beside or below each other. */
function spacedText(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : ` ${spacedText(child)} `)).join('')
}
