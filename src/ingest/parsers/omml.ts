import {
  accented,
  applied,
  bounded,
  formulaText,
  fraction,
  joined,
  matrix,
  root,
  scripts,
  spaced,
} from './math-text.js'
import { attribute, childAt, childElements, textOf, type XmlElement } from './xml.js'

/** A formula of Word or PowerPoint (Office Math Markup, ECMA-376 part 1, 22.1) as text; '' where it is empty. */
export function ommlText(formula: XmlElement): string {
  return formulaText(row(formula, spaced))
}

const asIs = (text: string) => text

function row(parent: XmlElement, spacing: (text: string) => string = asIs): string {
  return childElements(parent)
    .map((child) => (child.name === 'r' ? spacing(runText(child)) : construct(child, spacing)))
    .reduce(joined, '')
}

function runText(run: XmlElement): string {
  return childElements(run)
    .map((child) => (child.name === 't' ? textOf(child) : child.name === 'br' ? ' ' : ''))
    .join('')
}

function construct(element: XmlElement, spacing: (text: string) => string): string {
  const part = (name: string) => {
    const child = childAt(element, name)
    return child === null ? '' : row(child).trim()
  }
  const property = (name: string) => {
    const found = childAt(element, `${element.name}Pr`, name)
    return found === null ? null : attribute(found, 'val')
  }
  switch (element.name) {
    case 'f':
      return property('type') === 'noBar' ? `(${part('num')} over ${part('den')})` : fraction(part('num'), part('den'))
    case 'sSup':
    case 'sSub':
    case 'sSubSup':
      return scripts(part('e'), { sub: part('sub'), sup: part('sup') })
    case 'sPre':
      return `${scripts('', { sub: part('sub'), sup: part('sup') })}${part('e')}`
    case 'rad':
      return root(part('deg'), part('e'))
    case 'nary':
      return bounded(property('chr') ?? '∫', { sub: part('sub'), sup: part('sup'), body: part('e') })
    case 'd':
      return delimited(element, property)
    case 'func':
      return applied(part('fName'), part('e'))
    case 'limLow':
      return scripts(part('e'), { sub: part('lim') })
    case 'limUpp':
      return scripts(part('e'), { sup: part('lim') })
    case 'acc':
      return accented(part('e'), property('chr') ?? '^')
    case 'bar':
      return accented(part('e'), property('pos') === 'top' ? '¯' : '')
    case 'm':
      return `[${matrix(childElements(element, 'mr').map((line) => childElements(line, 'e').map((cell) => row(cell))))}]`
    case 'eqArr':
      // A sign marks where the number of an equation begins.
      return matrix(childElements(element, 'e').map((line) => [row(line, spacing).replace(/#(?=\()/, ' ')]))
    case 'phant':
    case 'del':
    case 'ctrlPr':
      return element.name === 'phant' && property('show') !== '0' ? part('e') : ''
    default:
      return element.name.endsWith('Pr') ? '' : row(element, spacing)
  }
}

function delimited(element: XmlElement, property: (name: string) => string | null): string {
  const parts = childElements(element, 'e').map((part) => row(part).trim())
  const [open, close] = [property('begChr') ?? '(', property('endChr') ?? ')']
  // A number above another is written in brackets anyway.
  const [only = ''] = parts
  if (parts.length === 1 && open === '(' && close === ')' && /^\([^()]*\)$/.test(only)) return only
  return `${open}${parts.join(property('sepChr') ?? '|')}${close}`
}
