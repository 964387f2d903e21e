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
export function parseXml(bytes: Uint8Array, part: string, limits: XmlLimits = {}): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open: XmlElement[] = [root]
  const { maxElements = 2_000_000 } = limits
  let elements = 0
  readEvents(
    bytes,
    { part, limits },
    {
      onOpen(element) {
        elements += 1
        if (elements > maxElements) throw refused(part, `it has more than ${maxElements} elements`)
        open.at(-1)?.children.push(element)
        open.push(element)
      },
      onClose() {
        open.pop()
      },
      onText(text) {
        open.at(-1)?.children.push(text)
      },
    },
  )
  return childElements(root)[0] ?? root
}

/**
 * Reads large XML without keeping it: `onEnter` sees every element as it opens, and `onTree` those that are `wanted`, with
 * all that is in them, once they close. What is inside a wanted element is not entered.
 * @throws InkstoneError as `parseXml`
 */
export function scanXml(
  bytes: Uint8Array,
  part: string,
  handlers: {
    wanted: ReadonlySet<string>
    onEnter(element: XmlElement): void
    onLeave(element: XmlElement): void
    onTree(element: XmlElement): void
  },
): void {
  const entered: XmlElement[] = []
  const tree: XmlElement[] = []
  readEvents(
    bytes,
    { part, limits: { maxCharacters: 500_000_000 } },
    {
      onOpen(element) {
        if (tree.length > 0) tree.at(-1)?.children.push(element)
        else if (!handlers.wanted.has(element.name)) {
          entered.push(element)
          handlers.onEnter(element)
          return
        }
        tree.push(element)
      },
      onClose() {
        const element = tree.pop()
        if (element === undefined) {
          const left = entered.pop()
          if (left !== undefined) handlers.onLeave(left)
        } else if (tree.length === 0) handlers.onTree(element)
      },
      onText(text) {
        tree.at(-1)?.children.push(text)
      },
    },
  )
}

interface XmlEvents {
  onOpen(element: XmlElement): void
  onClose(): void
  onText(text: string): void
}

function readEvents(
  bytes: Uint8Array,
  { part, limits: { maxCharacters = 50_000_000, maxDepth = usualDepth } }: { part: string; limits: XmlLimits },
  events: XmlEvents,
): void {
  const text = decodeXml(bytes)
  if (text.length > maxCharacters) throw refused(part, `it has more than ${maxCharacters} characters`)
  const parser = new SaxesParser<XmlParserOptions>({ position: false, xmlns: false })
  let depth = 0
  parser.on('doctype', () => {
    throw refused(part, 'it declares a DOCTYPE, which no document needs')
  })
  parser.on('opentag', (tag) => {
    depth += 1
    if (depth > maxDepth) throw refused(part, `it is nested deeper than ${maxDepth} levels`)
    events.onOpen({ name: localName(tag.name), attributes: tag.attributes, children: [] })
  })
  parser.on('closetag', () => {
    depth -= 1
    events.onClose()
  })
  parser.on('text', events.onText)
  parser.on('cdata', events.onText)
  writeAll(parser, text, part)
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
