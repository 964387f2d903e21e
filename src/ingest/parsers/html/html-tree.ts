import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parse } from 'parse5'
import { htmlFormula, typedFormula } from './html-math.js'

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode
export type HtmlElement = DefaultTreeAdapterTypes.Element
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode

/** Never shown as text, or no part of what a page has to say. */
const silentTags = new Set(
  'script style noscript template svg head nav iframe object embed canvas video audio map select button input textarea datalist dialog rp rt annotation ix:header'.split(
    ' ',
  ),
)

/** What begins and ends a paragraph. */
export const blockTags = new Set(
  'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table ul'.split(
    ' ',
  ),
)

export function parseHtml(html: string): DefaultTreeAdapterTypes.Document {
  return parse(html)
}

/** All that is in these, one after the other, under one parent. They are empty afterwards. */
export function joinParents(parents: readonly HtmlParent[]): HtmlParent {
  const joined = defaultTreeAdapter.createDocumentFragment()
  for (const parent of parents) {
    for (const child of parent.childNodes.splice(0)) {
      child.parentNode = joined
      joined.childNodes.push(child)
    }
  }
  return joined
}

/** Puts a heading before all that is in `parent`. */
export function prependHeading(parent: HtmlParent, text: string): void {
  const heading = defaultTreeAdapter.createElement('h1', html.NS.HTML, [])
  defaultTreeAdapter.insertText(heading, text)
  heading.parentNode = parent
  parent.childNodes.unshift(heading)
}

export const isElement = (node: HtmlNode | HtmlParent): node is HtmlElement =>
  'tagName' in node && defaultTreeAdapter.isElementNode(node)

export const isText = (node: HtmlNode): node is DefaultTreeAdapterTypes.TextNode => defaultTreeAdapter.isTextNode(node)

export function attribute(element: HtmlElement, name: string): string | null {
  return element.attrs.find((candidate) => candidate.name === name)?.value ?? null
}

export function childElements(parent: HtmlParent): HtmlElement[] {
  return parent.childNodes.filter(isElement)
}

/** Depth first, without recursion: pages can be nested deeper than the stack is. */
export function* descendants(parent: HtmlParent): Generator<HtmlElement> {
  const waiting = childElements(parent).reverse()
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element
    pushReversed(waiting, childElements(element))
  }
}

/** One by one: a long table has more rows than a call takes arguments. */
function pushReversed<Node>(waiting: Node[], nodes: readonly Node[]): void {
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const node = nodes[at]
    if (node !== undefined) waiting.push(node)
  }
}

export function findElement(parent: HtmlParent, tagName: string): HtmlElement | null {
  for (const element of descendants(parent)) if (element.tagName === tagName) return element
  return null
}

/** Scripts, styles, navigation, form fields, and whatever the page itself hides. */
export function isSilent(element: HtmlElement): boolean {
  if (silentTags.has(element.tagName)) return true
  if (attribute(element, 'hidden') !== null) return true
  const role = attribute(element, 'role')
  if (role === 'navigation' || role === 'search') return true
  const style = attribute(element, 'style')
  // The drawn form of a formula, which stands beside its MathML.
  if (/(?:^|\s)katex-html(?:\s|$)/.test(attribute(element, 'class') ?? '')) return true
  return style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)
}

/** What an element says in one piece: a formula or a line break; null where its children are to be read. */
export function wholeText(element: HtmlElement): string | null {
  if (element.tagName === 'math') return ` ${htmlFormula(element)} `
  if (element.tagName === 'br') return '\n'
  return typedFormula(element)
}

/** Text of a node as it is written, without what is silent. */
export function rawText(node: HtmlNode): string {
  const parts: string[] = []
  const waiting: HtmlNode[] = [node]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isText(next)) parts.push(next.value)
    else if (isElement(next)) {
      const whole = wholeText(next)
      if (whole !== null) parts.push(whole)
      if (whole !== null || isSilent(next)) continue
      pushReversed(waiting, next.childNodes)
    }
  }
  return parts.join('')
}
