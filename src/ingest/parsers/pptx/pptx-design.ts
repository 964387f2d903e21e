import type { Box } from '../pdf/reading-order.js'
import { attribute, childAt, childElements, elementsNamed, type XmlElement } from '../xml.js'

/** What a slide's placeholders inherit from its layout and master. */
export interface SlideDesign {
  /** Where a shape stands; null where nothing says so. */
  boxOf(shape: XmlElement): Box | null
  /** The list styles that hold for a shape's text, nearest first. */
  listStyles(shape: XmlElement): XmlElement[]
}

/** Layout and master of a slide; null where the file does not have them. */
export function slideDesign(layout: XmlElement | null, master: XmlElement | null): SlideDesign {
  const ofLayout = layout === null ? [] : elementsNamed(layout, 'sp')
  const ofMaster = master === null ? [] : elementsNamed(master, 'sp')
  const ancestors = (shape: XmlElement): XmlElement[] => {
    const own = placeholder(shape)
    if (own === null) return []
    const inLayout =
      ofLayout.find((candidate) => sharesIndex(own, placeholder(candidate))) ??
      ofLayout.find((candidate) => sharesType(own, placeholder(candidate)))
    const nearest = (inLayout === undefined ? null : placeholder(inLayout)) ?? own
    const inMaster = ofMaster.find((candidate) => sharesType(nearest, placeholder(candidate)))
    return [inLayout, inMaster].filter((found) => found !== undefined)
  }
  return {
    boxOf(shape) {
      for (const candidate of [shape, ...ancestors(shape)]) {
        const box = boxIn(candidate)
        if (box !== null) return box
      }
      return null
    },
    listStyles(shape) {
      const own = [shape, ...ancestors(shape)].flatMap((candidate) => childAt(candidate, 'txBody', 'lstStyle') ?? [])
      const type = placeholder(shape)?.type
      const general = type === 'body' && master !== null ? childAt(master, 'txStyles', 'bodyStyle') : null
      return general === null ? own : [...own, general]
    },
  }
}

export interface Placeholder {
  type: string
  index: string | null
}

/** What role the layout gives a shape, or null where it has none. Kinds that inherit from one place have one name. */
export function placeholder(shape: XmlElement): Placeholder | null {
  const properties = childElements(shape).find((child) => /^nv\w*Pr$/.test(child.name))
  const element = properties === undefined ? null : childAt(properties, 'nvPr', 'ph')
  if (element === null) return null
  const type = attribute(element, 'type') ?? 'obj'
  const index = attribute(element, 'idx')
  if (type === 'ctrTitle') return { type: 'title', index }
  const isBody = ['obj', 'tbl', 'chart', 'dgm', 'media', 'clipArt'].includes(type)
  return { type: isBody ? 'body' : type, index }
}

const sharesIndex = (one: Placeholder, other: Placeholder | null) =>
  other !== null && one.index !== null && one.index === other.index

const sharesType = (one: Placeholder, other: Placeholder | null) =>
  other !== null && (one.type === other.type || (one.type === 'subTitle' && other.type === 'body'))

function boxIn(shape: XmlElement): Box | null {
  const frame = childAt(shape, 'spPr', 'xfrm') ?? childAt(shape, 'grpSpPr', 'xfrm') ?? childAt(shape, 'xfrm')
  const offset = frame === null ? null : childAt(frame, 'off')
  const extent = frame === null ? null : childAt(frame, 'ext')
  if (offset === null || extent === null) return null
  const [left, top] = [Number(attribute(offset, 'x')), Number(attribute(offset, 'y'))]
  const [width, height] = [Number(attribute(extent, 'cx')), Number(attribute(extent, 'cy'))]
  return [left, top, width, height].every(Number.isFinite) ? { left, top, width, height } : null
}
