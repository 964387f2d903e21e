import { commentText } from '../comment-text.js'
import { attribute, childAt, childElements, textOf, type XmlElement } from '../xml.js'
import { plainText } from './pptx-text.js'
import type { SlideBlock } from './slide.js'

/** Names of those who comment, by their ids: of the older and of the newer list. */
export function commentAuthors(list: XmlElement): Map<string, string> {
  return new Map(
    childElements(list).map((author) => [attribute(author, 'id') ?? '', attribute(author, 'name')?.trim() ?? '']),
  )
}

/** The comments on a slide, with the answers to them. */
export function commentBlocks(list: XmlElement, authors: ReadonlyMap<string, string>): SlideBlock[] {
  return childElements(list, 'cm').flatMap((comment) => [
    ...blockOf(comment, authors),
    ...childElements(comment, 'replyLst')
      .flatMap((replies) => childElements(replies, 'reply'))
      .flatMap((reply) => blockOf(reply, authors)),
  ])
}

function blockOf(comment: XmlElement, authors: ReadonlyMap<string, string>): SlideBlock[] {
  const body = childAt(comment, 'txBody')
  const plain = childAt(comment, 'text')
  const text = body !== null ? plainText(body) : plain !== null ? textOf(plain).trim() : ''
  if (text === '') return []
  const author = authors.get(attribute(comment, 'authorId') ?? '') ?? ''
  return [{ kind: 'footnote', text: commentText(text, author) }]
}
