import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode
export type HtmlElement = DefaultTreeAdapterTypes.Element
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode

/** Never shown as text, or no part of what a page has to say. */
const silentTags = new Set(
  'script style noscript template svg head nav iframe object embed canvas video audio map select button input textarea datalist dialog rp rt annotation ix:header'.split(
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
    waiting.push(...childElements(element).reverse())
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
  return style !== null && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)
}

/** Text of a node as it is written, without what is silent. */
export function rawText(node: HtmlNode): string {
  const parts: string[] = []
  const waiting: HtmlNode[] = [node]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isText(next)) parts.push(next.value)
    else if (isElement(next)) {
      if (isSilent(next)) continue
      if (next.tagName === 'br') parts.push('\n')
      waiting.push(...[...next.childNodes].reverse())
    }
  }
  return parts.join('')
}
