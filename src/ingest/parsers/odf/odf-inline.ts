import { commentText } from '../comment-text.js'
import { isDrawingFile } from '../embedded-object.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { resolvePath } from '../opc.js'
import { pictureCaption } from '../pptx/slide.js'
import { attribute, childAt, childElements, textOf, type XmlElement, type XmlNode } from '../xml.js'
import { formulaOf, odfChart } from './odf-object.js'
import type { OdfStyles } from './odf-styles.js'

/** What stands inside a paragraph but is read after it, in order. */
export type Aside =
  /** A text box, a shape with text, or a table inside a cell or list item. */
  | { kind: 'box'; content: XmlElement }
  | { kind: 'note'; mark: string; body: XmlElement }
  | { kind: 'block'; block: FlowBlock }

export interface OdfContext {
  styles: OdfStyles
  /** Charts, formulas and others, by their names inside the archive. */
  objects: ReadonlyMap<string, XmlElement>
  losses: LossList
  /** The slide; null in a text. */
  page: number | null
  aside: Aside[]
}

/** Deleted text, the reading aid above characters, and what names or describes a drawing. */
const silent = new Set(
  'annotation-end tracked-changes ruby-text title desc hidden-text script forms sequence-decls variable-decls user-field-decls glue-point event-listeners'.split(
    ' ',
  ),
)
const drawings = new Set('custom-shape rect ellipse circle line path polygon polyline connector g text-box'.split(' '))

export const isSilent = (element: XmlElement) => silent.has(element.name)
export const isDrawing = (element: XmlElement) => drawings.has(element.name)

/** The text of a paragraph, or of a part of one; what is read after it is put aside. */
export function inlineText(node: XmlNode, context: OdfContext): string {
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
      return noteMark(node, context)
    case 'annotation':
      readComment(node, context)
      return ''
    case 'frame':
      return frameText(node, context)
    case 'table':
      context.aside.push({ kind: 'box', content: node })
      return ' '
    case 'p':
    case 'h':
      return `${innerText(node, context)} `
    default:
      if (node.name === 'span' && context.styles.isHiddenText(attribute(node, 'style-name'))) return ''
      if (!isDrawing(node)) return innerText(node, context)
      context.aside.push({ kind: 'box', content: node })
      return ''
  }
}

const innerText = (element: XmlElement, context: OdfContext) =>
  element.children.map((child) => inlineText(child, context)).join('')

/** The paragraphs of a note, comment or title on one line. */
export function paragraphs(parent: XmlElement, context: OdfContext): string {
  const texts = childElements(parent).map((child) => inlineText(child, context))
  return texts.join(' ').replace(/\s+/g, ' ').trim()
}

function noteMark(note: XmlElement, { aside }: OdfContext): string {
  const citation = childAt(note, 'note-citation')
  const mark = `[${citation === null ? '*' : textOf(citation).trim()}]`
  const body = childAt(note, 'note-body')
  if (body !== null) aside.push({ kind: 'note', mark, body })
  return mark
}

export function readComment(comment: XmlElement, context: OdfContext): void {
  const author = childAt(comment, 'creator')
  const written = childElements(comment).filter((child) => child.name === 'p' || child.name === 'list')
  const text = paragraphs({ ...comment, children: written }, context)
  const by = author === null ? '' : textOf(author).trim()
  if (text !== '') context.aside.push({ kind: 'block', block: { kind: 'footnote', text: commentText(text, by) } })
}

/**
 * A frame offers one thing in several forms, such as a chart and its picture. A formula is part of its line: its text is
 * returned; all else is put aside.
 */
export function frameText(frame: XmlElement, context: OdfContext): string {
  const { aside, losses, page } = context
  const forms = childElements(frame)
  const content = forms.find((child) => /^(?:text-box|table|object|object-ole|image|plugin|applet)$/.test(child.name))
  switch (content?.name) {
    case 'text-box':
    case 'table':
      aside.push({ kind: 'box', content })
      break
    case 'object':
    case 'object-ole':
      return objectText(content, context)
    case 'plugin':
    case 'applet':
      losses.add('object', 'films and sounds', page)
      break
    case 'image':
      aside.push(...pictureBlocks(frame).map((block): Aside => ({ kind: 'block', block })))
  }
  return ''
}

function objectText(element: XmlElement, context: OdfContext): string {
  const { aside, losses, page, objects } = context
  const object = objects.get(nameInside(attribute(element, 'href') ?? ''))
  const formula = object === undefined ? null : formulaOf(object)
  if (formula !== null) {
    if (formula === '') losses.add('formula', 'formulas without letters or signs', page)
    return formula
  }
  const chart = object === undefined ? null : odfChart(object, context)
  if (chart === null) losses.add('object', 'embedded objects', page)
  else aside.push(...chart.map((block): Aside => ({ kind: 'block', block })))
  return ''
}

/** A picture with what a person wrote about it. Of its forms, one that is made of pixels is taken. */
function pictureBlocks(frame: XmlElement): FlowBlock[] {
  const words = childElements(frame).filter((child) => child.name === 'title' || child.name === 'desc')
  const described = pictureCaption(words.map(textOf).join(' '))
  const hrefs = childElements(frame, 'image').map((image) => attribute(image, 'href') ?? '')
  const href = hrefs.find((one) => !isDrawingFile(one) && !/\.svg$/i.test(one)) ?? hrefs[0] ?? ''
  const isInside = href !== '' && !/^[a-z][a-z\d+.-]*:|^\/|^\.\.\//i.test(href)
  const caption: FlowBlock[] = described === null ? [] : [{ kind: 'caption', text: described }]
  return [...caption, { kind: 'picture', target: isInside ? nameInside(href) : null }]
}

const nameInside = (href: string) => resolvePath('', href)
