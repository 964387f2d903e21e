import { isDrawingFile, noteEmbeddedObject } from '../embedded-object.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { chartBlocks } from '../pptx/pptx-chart.js'
import { diagramBlocks } from '../pptx/pptx-diagram.js'
import { preferred } from '../pptx/pptx-text.js'
import { pictureCaption } from '../pptx/slide.js'
import { attribute, childElements, elementsNamed, type XmlElement } from '../xml.js'

/** A part of a Word file with what it refers to. */
export interface DocxPart {
  root: XmlElement
  /** Names inside the archive, by relationship id. */
  targets: ReadonlyMap<string, string>
  /** Charts and diagrams, by relationship id. */
  related: ReadonlyMap<string, XmlElement>
}

/** What a drawing shows: blocks, and text boxes, whose content is read as running text. */
export type Shown = { kind: 'block'; block: FlowBlock } | { kind: 'box'; content: XmlElement }

/** Reads a drawing (`w:drawing`), an older one (`w:pict`) or an object of another program (`w:object`). */
export function shownIn(drawing: XmlElement, { part, losses }: { part: DocxPart; losses: LossList }): Shown[] {
  const frame = elementsNamed(drawing, 'docPr')[0]
  if (frame !== undefined && /^(?:1|true)$/.test(attribute(frame, 'hidden') ?? '')) return []
  const described = frame === undefined ? null : pictureCaption(attribute(frame, 'descr') ?? '')
  const caption: Shown[] = described === null ? [] : [{ kind: 'block', block: { kind: 'caption', text: described } }]
  const object = childElements(drawing, 'OLEObject')[0]
  if (object !== undefined) noteEmbeddedObject(attribute(object, 'ProgID') ?? '', { losses })
  const shown = childElements(drawing).flatMap((child) => walk(child, { part, losses }))
  return object === undefined ? [...caption, ...shown] : shown.filter((one) => !isOldPicture(one))
}

const isOldPicture = (shown: Shown) =>
  shown.kind === 'block' && shown.block.kind === 'picture' && isDrawingFile(shown.block.target ?? '')

function walk(element: XmlElement, context: { part: DocxPart; losses: LossList }): Shown[] {
  const { part, losses } = context
  const relation = (name: string) => attribute(element, name) ?? ''
  switch (element.name) {
    case 'AlternateContent':
      return walk(preferred(element), context)
    case 'txbxContent':
      return [{ kind: 'box', content: element }]
    case 'blip':
      return [picture(part.targets.get(relation('r:embed')) ?? null)]
    case 'imagedata':
      return [picture(part.targets.get(relation('r:id')) ?? null)]
    case 'chart':
      return blocks(chartBlocks(part.related.get(relation('r:id')) ?? null, { losses }))
    case 'relIds': {
      const model = part.related.get(relation('r:dm'))
      if (model === undefined) losses.add('object', 'diagrams that are not in the file')
      return model === undefined ? [] : blocks(diagramBlocks(model))
    }
    case 'textpath': {
      const text = relation('string')
      return text === '' ? [] : blocks([{ kind: 'paragraph', text }])
    }
    // The fill of a shape is decoration.
    case 'spPr':
    case 'fill':
      return []
    default:
      return childElements(element).flatMap((child) => walk(child, context))
  }
}

const picture = (target: string | null): Shown => ({ kind: 'block', block: { kind: 'picture', target } })
const blocks = (list: readonly FlowBlock[]): Shown[] => list.map((block) => ({ kind: 'block', block }))
