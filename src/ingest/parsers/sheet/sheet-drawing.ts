import type { ZipEntries } from '../archive/zip-entries.js'
import { commentText } from '../comment-text.js'
import { noteEmbeddedObject } from '../embedded-object.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { readSidePart, relatedParts, relationshipsOf } from '../opc.js'
import { chartBlocks } from '../pptx/pptx-chart.js'
import { diagramBlocks } from '../pptx/pptx-diagram.js'
import { preferred, textBlocks } from '../pptx/pptx-text.js'
import { pictureCaption } from '../pptx/slide.js'
import { attribute, childAt, childElements, elementsNamed, textOf, type XmlElement } from '../xml.js'

/** What lies on an XLSX sheet, from its upper left corner on: pictures, charts, text boxes, diagrams; then its comments. */
export async function sheetDrawing(
  archive: ZipEntries,
  sheetPart: string,
  { losses }: { losses: LossList },
): Promise<FlowBlock[]> {
  const blocks: FlowBlock[] = []
  const relationships = await relationshipsOf(archive, sheetPart)
  for (const { type, target } of relationships) {
    if (type === 'drawing') blocks.push(...(await drawingBlocks(archive, target, losses)))
    else if (type === 'oleObject' || type === 'package') noteEmbeddedObject('', { losses })
  }
  const threads = relationships.find(({ type }) => type === 'threadedComment')
  // Programs of old are shown a copy of each thread.
  const comments = threads ?? relationships.find(({ type }) => type === 'comments')
  const part = comments === undefined ? null : await readSidePart(archive, comments.target, losses)
  return part === null ? blocks : [...blocks, ...commentsIn(part)]
}

async function drawingBlocks(archive: ZipEntries, name: string, losses: LossList): Promise<FlowBlock[]> {
  const root = await readSidePart(archive, name, losses)
  if (root === null) return []
  const relationships = await relationshipsOf(archive, name)
  const context: Context = {
    targets: new Map(relationships.map(({ id, target }) => [id, target])),
    related: await relatedParts(archive, relationships, losses),
    losses,
  }
  const anchors = childElements(root).map((anchor) => ({
    anchor,
    row: cornerOf(anchor, 'row'),
    column: cornerOf(anchor, 'col'),
  }))
  return anchors
    .sort((one, other) => one.row - other.row || one.column - other.column)
    .flatMap(({ anchor }) => childElements(anchor).flatMap((child) => shown(child, context)))
}

interface Context {
  targets: ReadonlyMap<string, string>
  related: ReadonlyMap<string, XmlElement>
  losses: LossList
}

function cornerOf(anchor: XmlElement, name: 'row' | 'col'): number {
  const corner = childAt(anchor, 'from', name)
  return corner === null ? 0 : Number(textOf(corner)) || 0
}

function shown(element: XmlElement, context: Context): FlowBlock[] {
  const { targets, related, losses } = context
  switch (element.name) {
    case 'AlternateContent':
      return childElements(preferred(element)).flatMap((child) => shown(child, context))
    case 'pic':
      return pictureOf(element, targets)
    case 'chart':
      return chartBlocks(related.get(attribute(element, 'r:id') ?? '') ?? null, { losses })
    case 'relIds': {
      const model = related.get(attribute(element, 'r:dm') ?? '')
      return model === undefined ? [] : diagramBlocks(model)
    }
    case 'txBody':
      return textBlocks(element)
    case 'from':
    case 'to':
    case 'spPr':
      return []
    default:
      return childElements(element).flatMap((child) => shown(child, context))
  }
}

function pictureOf(picture: XmlElement, targets: ReadonlyMap<string, string>): FlowBlock[] {
  const frame = childAt(picture, 'nvPicPr', 'cNvPr')
  const described = frame === null ? null : pictureCaption(attribute(frame, 'descr') ?? '')
  const caption: FlowBlock[] = described === null ? [] : [{ kind: 'caption', text: described }]
  const blip = childAt(picture, 'blipFill', 'blip')
  const target = blip === null ? undefined : targets.get(attribute(blip, 'r:embed') ?? '')
  return [...caption, { kind: 'picture', target: target ?? null }]
}

/** Each comment with the cell it is about. */
function commentsIn(part: XmlElement): FlowBlock[] {
  const list = childAt(part, 'authors')
  const authors = list === null ? [] : childElements(list, 'author').map(textOf)
  const comments = [...elementsNamed(part, 'comment'), ...childElements(part, 'threadedComment')]
  return comments.flatMap((comment): FlowBlock[] => {
    const author = authors[Number(attribute(comment, 'authorId') ?? -1)]?.trim() ?? ''
    const written = elementsNamed(comment, 't').map(textOf).join('')
    const text = (written !== '' ? written : textOf(comment)).trim()
    // Excel writes the author once more at the beginning of the text.
    const own = author !== '' && text.startsWith(`${author}:`) ? text.slice(author.length + 1).trim() : text
    if (own === '') return []
    return [{ kind: 'footnote', text: `${attribute(comment, 'ref') ?? ''} ${commentText(own, author)}`.trim() }]
  })
}
