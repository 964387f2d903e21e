import { attribute, childAt, childElements, type XmlElement } from '../xml.js'

export type ParagraphRole =
  | { kind: 'heading'; level: number; isTitle: boolean }
  /** A list of headings, tables or figures: it would be found before the text itself. */
  | { kind: 'contents' | 'caption' | 'code' }

export interface ListPlace {
  numberId: string
  /** Null where the style leaves it to the list. */
  level: number | null
  style: string
}

/** What the styles of a Word document say about its paragraphs and runs. */
export interface DocxStyles {
  /** Null for running text. */
  role(paragraph: XmlElement): ParagraphRole | null
  /** The list that a paragraph belongs to, by itself or by its style; null for none. */
  list(paragraph: XmlElement): ListPlace | null
  isHidden(run: XmlElement): boolean
}

const deepestAncestry = 20
const deepestHeading = 6

/** @param root `word/styles.xml`; null where the file has none */
export function docxStyles(root: XmlElement | null): DocxStyles {
  const styles = new Map<string, XmlElement>()
  for (const style of root === null ? [] : childElements(root, 'style')) {
    styles.set(attribute(style, 'styleId') ?? '', style)
  }
  const standard = [...styles.values()].find(
    (style) => attribute(style, 'type') === 'paragraph' && isOn(attribute(style, 'default') ?? 'false'),
  )
  const ancestry = (id: string | null): XmlElement[] => {
    const found: XmlElement[] = []
    let style = id === null ? standard : styles.get(id)
    while (style !== undefined && found.length < deepestAncestry) {
      found.push(style)
      style = styles.get(valueAt(style, 'basedOn') ?? '')
    }
    return found
  }
  return {
    role(paragraph) {
      const chain = ancestry(valueAt(paragraph, 'pPr', 'pStyle'))
      const named = chain.map((style) => roleOfName(valueAt(style, 'name') ?? '')).find((role) => role !== null)
      if (named !== undefined && named.kind !== 'heading') return named
      for (const owner of [paragraph, ...chain]) {
        const outline = valueAt(owner, 'pPr', 'outlineLvl')
        if (outline === null || named?.isTitle === true) continue
        const level = Number(outline)
        return level >= 0 && level < 9
          ? { kind: 'heading', level: Math.min(level + 1, deepestHeading), isTitle: false }
          : null
      }
      return named ?? null
    },
    list(paragraph) {
      const style = valueAt(paragraph, 'pPr', 'pStyle')
      for (const owner of [paragraph, ...ancestry(style)]) {
        const numberId = valueAt(owner, 'pPr', 'numPr', 'numId')
        if (numberId === null) continue
        const level = valueAt(paragraph, 'pPr', 'numPr', 'ilvl') ?? valueAt(owner, 'pPr', 'numPr', 'ilvl')
        const owning = owner === paragraph ? (style ?? '') : (attribute(owner, 'styleId') ?? '')
        return numberId === '0' ? null : { numberId, level: level === null ? null : Number(level) || 0, style: owning }
      }
      return null
    },
    isHidden(run) {
      const style = valueAt(run, 'rPr', 'rStyle')
      for (const owner of [run, ...(style === null ? [] : ancestry(style))]) {
        const vanish = childAt(owner, 'rPr', 'vanish')
        if (vanish !== null) return isOn(attribute(vanish, 'val') ?? 'true')
      }
      return false
    },
  }
}

/** Chinese Word names its styles in English inside the file, WPS and other programs do not. */
function roleOfName(name: string): ParagraphRole | null {
  const plain = name.trim().toLowerCase()
  const level = /^(?:heading|标题)\s?([1-9])(?:\s|$)/.exec(plain)?.[1]
  if (level !== undefined) return { kind: 'heading', level: Math.min(Number(level), deepestHeading), isTitle: false }
  if (/^(?:title|标题)$/.test(plain)) return { kind: 'heading', level: 1, isTitle: true }
  if (/^(?:toc|目录)\s?\d$|^table of (?:figures|authorities)$|^(?:图表目录|index) ?\d?$/.test(plain))
    return { kind: 'contents' }
  if (/^(?:caption|题注|(?:table|figure|image)[\s_-]?caption)$/.test(plain)) return { kind: 'caption' }
  if (
    /^(?:html preformatted|html 预设格式|source code|code(?: block)?|macro(?: text)?|preformatted text|代码|源代码)$/.test(
      plain,
    )
  ) {
    return { kind: 'code' }
  }
  return null
}

const isOn = (value: string) => !/^(?:0|false|off)$/.test(value)

function valueAt(parent: XmlElement, ...path: string[]): string | null {
  const found = childAt(parent, ...path)
  return found === null ? null : attribute(found, 'val')
}
