import { accented, formulaText, fraction, joined, matrix, root, scripts, spaced } from './math-text.js'
import { attribute, childElements, textOf, type XmlElement } from './xml.js'

/** A formula in MathML (OpenDocument, web pages, e-books) as text; '' where it is empty. */
export function mathmlText(formula: XmlElement): string {
  return formulaText(read(formula, { isTop: true }))
}

interface Depth {
  /** Relations have room around them where they do not stand in an index. */
  isTop: boolean
}

const inner: Depth = { isTop: false }

function read(element: XmlElement, depth: Depth): string {
  const children = childElements(element)
  const part = (index: number) => {
    const child = children[index]
    return child === undefined ? '' : read(child, inner).trim()
  }
  switch (element.name) {
    case 'mi':
    case 'mn':
    case 'mtext':
    case 'ms':
      return textOf(element).replace(/\s+/g, ' ').trim()
    case 'mo':
      return operator(element, depth)
    case 'mspace':
      return ' '
    case 'mfrac':
      return fraction(part(0), part(1))
    case 'msup':
    case 'mover':
      return element.name === 'mover' && isMark(part(1))
        ? accented(part(0), part(1))
        : scripts(part(0), { sup: part(1) })
    case 'msub':
    case 'munder':
      return scripts(part(0), { sub: part(1) })
    case 'msubsup':
    case 'munderover':
      return scripts(part(0), { sub: part(1), sup: part(2) })
    case 'msqrt':
      return root('', row(element, inner).trim())
    case 'mroot':
      return root(part(1), part(0))
    case 'mfenced':
      return fenced(element)
    case 'mtable':
      return `[${matrix(children.map((line) => childElements(line).map((cell) => row(cell, inner).trim())))}]`
    case 'semantics':
      return children[0] === undefined ? '' : read(children[0], depth)
    case 'mphantom':
    case 'annotation':
    case 'annotation-xml':
    case 'none':
    case 'mprescripts':
      return ''
    default:
      return row(element, depth)
  }
}

function row(parent: XmlElement, depth: Depth): string {
  return childElements(parent).reduce((text, child) => {
    const next = read(child, depth)
    const isAfterName = /(?:^|[^\p{L}])\p{L}{2,}$/u.test(text) && /^[\p{L}\p{N}]/u.test(next)
    return isAfterName ? `${text} ${next}` : joined(text, next)
  }, '')
}

function operator(element: XmlElement, { isTop }: Depth): string {
  const text = textOf(element).trim()
  // The invisible sign between a function's name and its argument.
  if (text === '\u2061') return ' '
  return isTop ? spaced(text) : text
}

const isMark = (text: string) => /^(?:[\^ˆ~˜¯‾¨˙→_―]|\p{M})$/u.test(text)

function fenced(element: XmlElement): string {
  const [separator = ','] = [...(attribute(element, 'separators') ?? ',').trim()]
  const parts = childElements(element).map((child) => read(child, inner).trim())
  return `${attribute(element, 'open') ?? '('}${parts.join(`${separator} `)}${attribute(element, 'close') ?? ')'}`
}
