import { attribute, descendants, type HtmlElement, type HtmlParent, rawText } from './html-tree.js'

/** Banners that ask for consent, by the names that the programs behind them give them. */
const consent =
  /(?:^|[\s_-])(?:cookies?[\s_-]?(?:banner|bar|consent|notice|popup|law|policy-banner)|gdpr|onetrust|cookiebot|cc-window)(?:$|[\s_-])/i
const asideRoles = /^(?:complementary|contentinfo|banner)$/
/** Where so much of the text is links, it leads elsewhere and says nothing. */
export const mostLinks = 0.5

/** What stands around the content of a web page: banners, dialogs, and asides, headers and footers that consist of links. */
export function isFurniture(element: HtmlElement): boolean {
  const role = attribute(element, 'role') ?? ''
  if (role === 'dialog' || role === 'alertdialog' || attribute(element, 'aria-modal') === 'true') return true
  if (consent.test(`${attribute(element, 'id') ?? ''} ${attribute(element, 'class') ?? ''}`)) return true
  const isAround = /^(?:aside|footer|header)$/.test(element.tagName) || asideRoles.test(role)
  return isAround && linkShare(element) > mostLinks
}

/** Share of the characters that are links, 0 to 1; white space does not count. */
export function linkShare(parent: HtmlParent): number {
  const length = (one: HtmlParent) => one.childNodes.map(rawText).join('').replace(/\s+/g, '').length
  const whole = length(parent)
  if (whole === 0) return 0
  let linked = 0
  for (const inner of descendants(parent)) {
    if (inner.tagName === 'a' && attribute(inner, 'href') !== null) linked += length(inner)
  }
  return linked / whole
}
