import { attribute, childElements, type HtmlElement } from './html-tree.js'

const noteTypes = /^(?:footnote|endnote|rearnote|doc-footnote|doc-endnote)$/
const sectionTypes = /^(?:footnotes|endnotes|rearnotes|doc-endnotes)$/
/** The link that leads back to the text. */
const backLink = /(?:\s*[↩↵⤴⏎⬆↑^]\uFE0E?)+$/

/** A foot- or endnote, by what an e-book or page says of it. */
export function isNote(element: HtmlElement): boolean {
  return typesOf(element).some((type) => noteTypes.test(type))
}

/** The notes of a page or chapter, one by one; null for every other element. */
export function notesIn(element: HtmlElement): HtmlElement[] | null {
  const isSection = [...typesOf(element), ...words(element, 'class')].some((type) => sectionTypes.test(type))
  if (!isSection) return null
  const lists = childElements(element).filter(({ tagName }) => tagName === 'ol' || tagName === 'ul')
  const items = lists.flatMap((list) => childElements(list).filter(({ tagName }) => tagName === 'li'))
  return items.length === 0 ? null : items
}

/** @param number counts from 1; null where the note's own text begins with its mark */
export function noteText(text: string, number: number | null): string {
  const own = text.replace(backLink, '').trim()
  return number === null || own === '' ? own : `[${number}] ${own}`
}

const typesOf = (element: HtmlElement) => [...words(element, 'epub:type'), ...words(element, 'role')]

const words = (element: HtmlElement, name: string) => (attribute(element, name) ?? '').split(/\s+/)
