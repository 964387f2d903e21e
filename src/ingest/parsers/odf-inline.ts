import { pictureCaption } from './slide.js'
import { attribute, childAt, childElements, textOf, type XmlElement, type XmlNode } from './xml.js'

/** What stands inside a paragraph but is read after it. */
export interface Aside {
  /** Foot- and endnotes, with their marks. */
  notes: { mark: string; body: XmlElement }[]
  /** Text boxes, shapes with text, and tables inside cells or list items. */
  boxes: XmlElement[]
  captions: string[]
  pictures: number
  /** Charts, formulas and objects of other programs. */
  objects: number
}

export const emptyAside = (): Aside => ({ notes: [], boxes: [], captions: [], pictures: 0, objects: 0 })

/** Comments, deleted text, the reading aid above characters, and what names or describes a drawing. */
const silent = new Set(
  'annotation annotation-end tracked-changes ruby-text title desc hidden-text script forms sequence-decls variable-decls user-field-decls glue-point event-listeners'.split(
    ' ',
  ),
)
const drawings = new Set('custom-shape rect ellipse circle line path polygon polyline connector g text-box'.split(' '))

export const isSilent = (element: XmlElement) => silent.has(element.name)
export const isDrawing = (element: XmlElement) => drawings.has(element.name)

/** The text of a paragraph, or of a part of one; what is read after it is put into `aside`. */
export function inlineText(node: XmlNode, aside: Aside): string {
  // As in HTML, a run of white space is one space.
  if (typeof node === 'string') return node.replace(/\s+/g, ' ')
  if (isSilent(node)) return ''
  switch (node.name) {
    case 's':
      return ' '.repeat(Math.min(Math.max(Number(attribute(node, 'c') ?? 1) || 1, 1), 100))
    case 'tab':
      return '\t'
    case 'line-break':
      return '\n'
    case 'note':
      return noteMark(node, aside)
    case 'frame':
      readFrame(node, aside)
      return ''
    case 'table':
      aside.boxes.push(node)
      return ' '
    case 'p':
    case 'h':
      return `${innerText(node, aside)} `
    default:
      if (!isDrawing(node)) return innerText(node, aside)
      aside.boxes.push(node)
      return ''
  }
}

const innerText = (element: XmlElement, aside: Aside) =>
  element.children.map((child) => inlineText(child, aside)).join('')

function noteMark(note: XmlElement, aside: Aside): string {
  const citation = childAt(note, 'note-citation')
  const mark = `[${citation === null ? '*' : textOf(citation).trim()}]`
  const body = childAt(note, 'note-body')
  if (body !== null) aside.notes.push({ mark, body })
  return mark
}

/** A frame offers one thing in several forms, such as a chart and its picture. */
export function readFrame(frame: XmlElement, aside: Aside): void {
  const content = childElements(frame).find((child) =>
    ['text-box', 'table', 'object', 'object-ole', 'image'].includes(child.name),
  )
  if (content?.name === 'text-box' || content?.name === 'table') aside.boxes.push(content)
  else if (content?.name === 'object' || content?.name === 'object-ole') aside.objects += 1
  else if (content?.name === 'image') {
    const words = childElements(frame).filter((child) => child.name === 'title' || child.name === 'desc')
    const caption = pictureCaption(words.map(textOf).join(' '))
    if (caption === null) aside.pictures += 1
    else aside.captions.push(caption)
  }
}
