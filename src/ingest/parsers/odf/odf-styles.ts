import { attribute, childAt, childElements, elementsNamed, type XmlElement } from '../xml.js'

/** What the styles of an OpenDocument file say about its text. */
export interface OdfStyles {
  /** What a paragraph's style, or one it is made from, says of it: a heading's level, or what else it is. */
  paragraphRole(style: string | null): ParagraphRole | null
  /** Whether a list style numbers its items at a level (counts from 1). */
  isNumbered(listStyle: string | null, level: number): boolean
  isHiddenText(style: string | null): boolean
  isHiddenSlide(pageStyle: string | null): boolean
}

type ParagraphRole = number | 'title' | 'caption' | 'code'

const deepestAncestry = 20

/** @param roots the roots of `content.xml` and `styles.xml`; the first one's styles go first */
export function odfStyles(roots: readonly XmlElement[]): OdfStyles {
  const parents = new Map<string, string>()
  const hidden = new Set<string>()
  const hiddenText = new Set<string>()
  const numbered = new Set<string>()
  for (const style of roots.flatMap((root) => stylesIn(root, 'style'))) {
    const name = nameOf(style)
    const parent = attribute(style, 'parent-style-name')
    if (attribute(style, 'family') === 'paragraph' && parent !== null && !parents.has(name)) parents.set(name, parent)
    const text = childAt(style, 'text-properties')
    if (text !== null && attribute(text, 'display') === 'none') hiddenText.add(name)
    const page = childAt(style, 'drawing-page-properties')
    if (page !== null && attribute(page, 'visibility') === 'hidden') hidden.add(name)
  }
  for (const list of roots.flatMap((root) => stylesIn(root, 'list-style'))) {
    for (const level of childElements(list, 'list-level-style-number')) {
      if ((attribute(level, 'num-format') ?? '') !== '') numbered.add(`${nameOf(list)} ${attribute(level, 'level')}`)
    }
  }
  return {
    paragraphRole(style) {
      let name = style ?? undefined
      for (let steps = 0; name !== undefined && steps < deepestAncestry; steps += 1) {
        const role = roleOf(name)
        if (role !== null) return role
        name = parents.get(name)
      }
      return null
    },
    isNumbered: (listStyle, level) => listStyle !== null && numbered.has(`${listStyle} ${level}`),
    isHiddenText: (style) => style !== null && hiddenText.has(style),
    isHiddenSlide: (pageStyle) => pageStyle !== null && hidden.has(pageStyle),
  }
}

function stylesIn(root: XmlElement, name: string): XmlElement[] {
  return ['automatic-styles', 'styles'].flatMap((group) => {
    const parent = childAt(root, group)
    return parent === null ? [] : elementsNamed(parent, name)
  })
}

const nameOf = (style: XmlElement) => attribute(style, 'style:name') ?? ''

/** The file writes a space in a style's name as `_20_`. */
function roleOf(name: string): ParagraphRole | null {
  const plain = name.replaceAll('_20_', ' ')
  if (plain === 'Title' || plain === '标题') return 'title'
  if (/^(?:Caption|Illustration|Table|Figure|Drawing|题注)$/.test(plain)) return 'caption'
  if (/^(?:Preformatted Text|Source Code|代码)$/.test(plain)) return 'code'
  const level = /^(?:Heading|标题) ?([1-9])$/i.exec(plain)?.[1]
  return level === undefined ? null : Number(level)
}
