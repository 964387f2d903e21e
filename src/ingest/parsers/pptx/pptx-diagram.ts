import { attribute, childAt, childElements, type XmlElement } from '../xml.js'
import { plainText } from './pptx-text.js'
import type { SlideBlock } from './slide.js'

const deepestDiagram = 12

/** A SmartArt diagram's texts as a list: what belongs to a box stands below it, two spaces deeper. */
export function diagramBlocks(model: XmlElement): SlideBlock[] {
  const pointList = childAt(model, 'ptLst')
  const connectionList = childAt(model, 'cxnLst')
  if (pointList === null) return []
  const texts = new Map<string, string>()
  for (const point of childElements(pointList, 'pt')) {
    const type = attribute(point, 'type') ?? 'node'
    const body = childAt(point, 't')
    if (type === 'doc' || type === 'node' || type === 'asst') {
      texts.set(attribute(point, 'modelId') ?? '', body === null ? '' : plainText(body))
    }
  }
  const children = childrenOf(connectionList)
  const lower = new Set([...children.values()].flat())
  const lines = [...texts.keys()]
    .filter((id) => !lower.has(id))
    .flatMap((id) => linesBelow(id, 0, { texts, children, seen: new Set() }))
  return lines.length === 0 ? [] : [{ kind: 'list', text: lines.join('\n') }]
}

function childrenOf(connectionList: XmlElement | null): Map<string, string[]> {
  const connections = connectionList === null ? [] : childElements(connectionList, 'cxn')
  const children = new Map<string, string[]>()
  const order = (connection: XmlElement) => Number(attribute(connection, 'srcOrd') ?? 0)
  for (const connection of connections.toSorted((one, other) => order(one) - order(other))) {
    if ((attribute(connection, 'type') ?? 'parOf') !== 'parOf') continue
    const parent = attribute(connection, 'srcId') ?? ''
    children.set(parent, [...(children.get(parent) ?? []), attribute(connection, 'destId') ?? ''])
  }
  return children
}

interface Diagram {
  texts: ReadonlyMap<string, string>
  children: ReadonlyMap<string, string[]>
  /** A damaged file can have circles. */
  seen: Set<string>
}

function linesBelow(id: string, depth: number, diagram: Diagram): string[] {
  if (diagram.seen.has(id) || depth > deepestDiagram) return []
  diagram.seen.add(id)
  const text = diagram.texts.get(id) ?? ''
  const own = text === '' ? [] : [`${'  '.repeat(depth)}- ${text}`]
  const below = depth + own.length
  return [...own, ...(diagram.children.get(id) ?? []).flatMap((child) => linesBelow(child, below, diagram))]
}
