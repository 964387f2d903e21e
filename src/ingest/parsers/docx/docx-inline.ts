import type { LossList } from '../losses.js'
import { ommlText } from '../omml.js'
import { preferred } from '../pptx/pptx-text.js'
import { attribute, childElements, textOf, type XmlElement } from '../xml.js'
import { type DocxPart, type Shown, shownIn } from './docx-drawing.js'
import type { DocxStyles } from './docx-styles.js'
import { symbolText } from './docx-symbol.js'

export type NoteKind = 'footnote' | 'endnote' | 'comment'

/** What stands inside a paragraph but is read after it, in order. */
export type Aside =
  | Shown
  | { kind: 'table'; table: XmlElement }
  | { kind: 'note'; of: NoteKind; id: string; mark: string }

export interface InlineContext {
  part: DocxPart
  styles: DocxStyles
  losses: LossList
  /** The mark of a note, which counts them; '' where the file does not have it. */
  markOf(kind: NoteKind, id: string): string
  /** What Word writes before a paragraph by itself, such as `1. `; counts on. */
  numberOf(paragraph: XmlElement): string
  aside: Aside[]
}

/** Deleted and moved text, what is only for the program, and the reading aid above characters. */
const silent = new Set(
  'del moveFrom delText instrText delInstrText rPr pPr sdtPr sdtEndPr rubyPr rt fldData'.split(' '),
)
const characters: Record<string, string> = {
  tab: '\t',
  ptab: '\t',
  cr: '\n',
  noBreakHyphen: '-',
  softHyphen: '',
}

/** The text of a paragraph, or of a part of one; what is read after it is put aside. */
export function inlineText(element: XmlElement, context: InlineContext): string {
  return childElements(element)
    .map((child) => nodeText(child, context))
    .join('')
}

function nodeText(node: XmlElement, context: InlineContext): string {
  const { aside, losses, styles } = context
  if (node.name === 'instrText' && /^\s*EQ\s/i.test(textOf(node)))
    losses.add('formula', 'formulas written as EQ fields')
  if (silent.has(node.name)) return ''
  const character = characters[node.name]
  if (character !== undefined) return character
  switch (node.name) {
    case 't':
      return textOf(node)
    case 'p':
      return paragraphText(node, context)
    case 'r':
      return styles.isHidden(node) ? '' : inlineText(node, context)
    case 'br':
      return attribute(node, 'type') === null || attribute(node, 'type') === 'textWrapping' ? '\n' : ' '
    case 'sym':
      return symbolText(attribute(node, 'font') ?? '', attribute(node, 'char') ?? '')
    case 'oMath':
      return formula(node, losses)
    case 'oMathPara':
      return `\n${childElements(node, 'oMath')
        .map((one) => formula(one, losses))
        .join('\n')}\n`
    case 'AlternateContent':
      return inlineText(preferred(node), context)
    case 'footnoteReference':
    case 'endnoteReference':
    case 'commentReference':
      return noteText(node, context)
    case 'drawing':
    case 'pict':
    case 'object':
      aside.push(...shownIn(node, context))
      return ''
    case 'tbl':
      aside.push({ kind: 'table', table: node })
      return ' '
    default:
      return inlineText(node, context)
  }
}

/** A paragraph inside a cell or note. */
function paragraphText(paragraph: XmlElement, context: InlineContext): string {
  const text = inlineText(paragraph, context)
  return text.trim() === '' ? ' ' : `${context.numberOf(paragraph)}${text} `
}

function formula(element: XmlElement, losses: LossList): string {
  const text = ommlText(element)
  if (text === '' && childElements(element).length > 0) losses.add('formula', 'formulas without letters or signs')
  return text
}

function noteText(reference: XmlElement, { aside, markOf }: InlineContext): string {
  const kind = reference.name.replace('Reference', '')
  if (kind !== 'footnote' && kind !== 'endnote' && kind !== 'comment') return ''
  const id = attribute(reference, 'w:id') ?? attribute(reference, 'id') ?? ''
  const mark = markOf(kind, id)
  if (mark !== '') aside.push({ kind: 'note', of: kind, id, mark })
  // A comment says of itself whose it is: the text it is about stays as it is printed.
  return kind === 'comment' ? '' : mark
}

/** The paragraphs of a note or cell on one line. */
export function lineOf(parent: XmlElement, context: InlineContext): string {
  return inlineText(parent, context).replace(/\s+/g, ' ').trim()
}

/** Who wrote a comment; '' where it does not say. */
export const authorOf = (comment: XmlElement) => attribute(comment, 'author')?.trim() ?? ''
