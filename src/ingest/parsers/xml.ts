import { SaxesParser } from 'saxes'
import { InkstoneError } from '../../core/errors.js'
import { decodeText } from './decode.js'

export interface XmlElement {
  /** Without its prefix: which prefix stands for which vocabulary is each file's own choice. */
  name: string
  /** By their names as written, prefix included; read them with `attribute`. */
  attributes: Readonly<Record<string, string>>
  children: XmlNode[]
}

export type XmlNode = XmlElement | string

export interface XmlLimits {
  maxCharacters?: number
  maxDepth?: number
  maxElements?: number
}

/** Office files stay below 100. Readers may recurse as deep as this. */
const usualDepth = 300

/**
 * Reads XML into a light tree. Nothing outside the text is ever opened, and nothing in it can grow: a DOCTYPE, and with
 * it every entity of its own, is refused.
 * @param part what to call the text in an error, such as `ppt/presentation.xml`
 * @throws InkstoneError `file_corrupt` where it is not well-formed, `archive_bomb` for a DOCTYPE or beyond a limit
 */
export function parseXml(
  bytes: Uint8Array,
  part: string,
  { maxCharacters = 50_000_000, maxDepth = usualDepth, maxElements = 2_000_000 }: XmlLimits = {},
): XmlElement {
  const text = decodeXml(bytes)
  if (text.length > maxCharacters) throw refused(part, `it has more than ${maxCharacters} characters`)
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open: XmlElement[] = [root]
  let elements = 0
  const parser = new SaxesParser<XmlParserOptions>({ position: false, xmlns: false })
  const addText = (value: string) => {
    open.at(-1)?.children.push(value)
  }
  parser.on('doctype', () => {
    throw refused(part, 'it declares a DOCTYPE, which no document needs')
  })
  parser.on('opentag', (tag) => {
    const element: XmlElement = { name: localName(tag.name), attributes: tag.attributes, children: [] }
    elements += 1
    if (elements > maxElements) throw refused(part, `it has more than ${maxElements} elements`)
    if (open.length > maxDepth) throw refused(part, `it is nested deeper than ${maxDepth} levels`)
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  writeAll(parser, text, part)
  return childElements(root)[0] ?? root
}

function writeAll(parser: SaxesParser<XmlParserOptions>, text: string, part: string): void {
  try {
    parser.write(text).close()
  } catch (cause) {
    if (cause instanceof InkstoneError) throw cause
    throw new InkstoneError('file_corrupt', `the file is damaged: "${part}" inside it is not well-formed`, {
      remedy: 'open it in its program and save it again',
      cause,
    })
  }
}

function refused(part: string, reason: string): InkstoneError {
  return new InkstoneError('archive_bomb', `"${part}" inside the file was not read: ${reason}`, {
    remedy: 'if the document is genuine, open it in its program and save it again, or split it',
  })
}

function decodeXml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const declared = /<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:-]{2,40})/i.exec(head)?.[1] ?? null
  return decodeText(bytes, { declared }).text.replace(/^\uFEFF/, '')
}

type XmlParserOptions = { position: false; xmlns: false }

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

/** An attribute's value, or null. A name without a prefix also finds the attribute of that name with any prefix. */
export function attribute(element: XmlElement, name: string): string | null {
  const exact = element.attributes[name]
  if (exact !== undefined) return exact
  const key = Object.keys(element.attributes).find((candidate) => localName(candidate) === name)
  return key === undefined ? null : (element.attributes[key] ?? null)
}

export function childElements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  )
}

/** The first element along a path of child names, or null. */
export function childAt(parent: XmlElement, ...path: string[]): XmlElement | null {
  const [name, ...rest] = path
  if (name === undefined) return parent
  for (const child of childElements(parent, name)) {
    const found = childAt(child, ...rest)
    if (found !== null) return found
  }
  return null
}

/** All elements of a name below `parent`, in the order of the text. */
export function elementsNamed(parent: XmlElement, name: string): XmlElement[] {
  return childElements(parent).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elementsNamed(child, name),
  ])
}

/** All text below a node as it is written. */
export function textOf(node: XmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('')
}
