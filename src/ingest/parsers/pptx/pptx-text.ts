import { ommlText } from '../omml.js'
import { attribute, childAt, childElements, textOf, type XmlElement } from '../xml.js'
import type { SlideBlock } from './slide.js'

const deepestList = 8

/**
 * A text body's paragraphs; those with bullets or numbers that follow each other become one list, one line an item.
 * @param styles list styles that hold where a paragraph does not say whether it has a bullet, nearest first
 */
export function textBlocks(body: XmlElement, styles: readonly XmlElement[] = []): SlideBlock[] {
  const blocks: SlideBlock[] = []
  let items: string[] = []
  let counts: number[] = []
  const endList = () => {
    if (items.length > 0) blocks.push({ kind: 'list', text: items.join('\n') })
    items = []
    counts = []
  }
  for (const paragraph of childElements(body, 'p')) {
    const text = paragraphText(paragraph).replace(/ {2,}/g, ' ').trim()
    if (text === '') continue
    const level = levelOf(paragraph)
    const bullet = bulletOf(paragraph, level, styles)
    if (bullet === null) {
      endList()
      blocks.push({ kind: 'paragraph', text })
      continue
    }
    counts.length = Math.min(counts.length, level + 1)
    counts[level] = bullet.isNumber ? (counts[level] ?? bullet.startAt - 1) + 1 : 0
    const mark = bullet.isNumber ? `${counts[level]}.` : '-'
    items.push(`${'  '.repeat(level)}${mark} ${text.replace(/\s+/g, ' ').trim()}`)
  }
  endList()
  return blocks
}

/** All text of a body on one line. */
export function plainText(body: XmlElement): string {
  return childElements(body, 'p').map(paragraphText).join(' ').replace(/\s+/g, ' ').trim()
}

function paragraphText(paragraph: XmlElement): string {
  return childElements(paragraph)
    .map((child) => {
      if (child.name === 'br') return '\n'
      if (child.name === 'm') return childElements(child).map(formula).join(' ')
      if (child.name === 'oMath' || child.name === 'oMathPara') return formula(child)
      if (child.name === 'AlternateContent') return paragraphText(preferred(child))
      const isField = child.name === 'fld'
      if (isField && /^(?:slidenum|datetime)/.test(attribute(child, 'type') ?? '')) return ''
      const text = isField || child.name === 'r' ? childAt(child, 't') : null
      return text === null ? '' : unescaped(textOf(text))
    })
    .join('')
}

const formula = (element: XmlElement) => ` ${ommlText(element)} `

/** PowerPoint writes characters that XML cannot hold, such as a vertical tab, by their number. */
function unescaped(text: string): string {
  return text.replace(/_x000[9ABD]_/gi, '\n')
}

/** Of what a file offers for programs of different ages: the newest. */
export function preferred(alternatives: XmlElement): XmlElement {
  return childAt(alternatives, 'Choice') ?? childAt(alternatives, 'Fallback') ?? alternatives
}

function levelOf(paragraph: XmlElement): number {
  const properties = childAt(paragraph, 'pPr')
  const level = Number(properties === null ? 0 : (attribute(properties, 'lvl') ?? 0))
  return Number.isInteger(level) ? Math.min(Math.max(level, 0), deepestList) : 0
}

interface Bullet {
  isNumber: boolean
  startAt: number
}

function bulletOf(paragraph: XmlElement, level: number, styles: readonly XmlElement[]): Bullet | null {
  const inherited = styles.map((style) => childAt(style, `lvl${level + 1}pPr`))
  for (const properties of [childAt(paragraph, 'pPr'), ...inherited]) {
    const mark = childElements(properties ?? paragraph).find((child) =>
      /^bu(?:None|Char|AutoNum|Blip)$/.test(child.name),
    )
    if (mark === undefined) continue
    if (mark.name === 'buNone') return null
    const startAt = Number(attribute(mark, 'startAt') ?? 1)
    return { isNumber: mark.name === 'buAutoNum', startAt: Number.isInteger(startAt) ? startAt : 1 }
  }
  return null
}
