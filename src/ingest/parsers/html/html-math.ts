import { mathmlText } from '../mathml.js'
import type { XmlNode } from '../xml.js'
import type { HtmlElement, HtmlNode } from './html-tree.js'

/** A formula of a web page as text: by its MathML, else as its author typed it; '' where neither says anything. */
export function htmlFormula(math: HtmlElement): string {
  const [formula] = xmlOf(math)
  const text = formula === undefined || typeof formula === 'string' ? '' : mathmlText(formula)
  return text !== '' ? text : (math.attrs.find(({ name }) => name === 'alttext')?.value.trim() ?? '')
}

/** Formulas that a program of the page was to draw: `<script type="math/tex">`. */
export function typedFormula(script: HtmlElement): string | null {
  const type = script.attrs.find(({ name }) => name === 'type')?.value ?? ''
  if (script.tagName !== 'script' || !/^math\/tex\b/i.test(type)) return null
  return script.childNodes.map((child) => ('value' in child ? child.value : '')).join('')
}

function xmlOf(node: HtmlNode): XmlNode[] {
  if ('value' in node) return [node.value]
  if (!('tagName' in node)) return []
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]))
  return [{ name: node.tagName, attributes, children: node.childNodes.flatMap(xmlOf) }]
}
