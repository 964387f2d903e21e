import type { ZipEntries } from '../archive/zip-entries.js'
import { oneLine } from '../clean-text.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { attribute, scanXml, textOf, type XmlElement } from '../xml.js'
import { readFlow } from './odf-flow.js'
import { odfObjects } from './odf-object.js'
import { odfStyles } from './odf-styles.js'

export interface OdsParts {
  /** Positions of the sheets that are not shown. */
  hidden: ReadonlySet<number>
  /** Pictures, charts, text boxes and comments, by the position of their sheet. */
  extras: ReadonlyMap<number, FlowBlock[]>
  /** Texts of cells in which something is anchored, by the position of their sheet: the library loses them. */
  texts: ReadonlyMap<number, CellText[]>
}

/** Row and column count from 0. */
export interface CellText {
  row: number
  column: number
  text: string
}

const drawn = new Set(['frame', 'annotation', 'custom-shape', 'g'])

/** Where the scan is. */
interface Place {
  sheet: number
  depth: number
  row: number
  column: number
  /** Of the cell at hand. */
  written: string[]
  hasDrawing: boolean
}

/** Looks at what an OpenDocument workbook shows beside its cells. The text is gone through without being kept: it may be large. */
export async function odsParts(archive: ZipEntries, { losses }: { losses: LossList }): Promise<OdsParts> {
  const content = await archive.read('content.xml')
  const parts = {
    hidden: new Set<number>(),
    extras: new Map<number, FlowBlock[]>(),
    texts: new Map<number, CellText[]>(),
  }
  if (content === null) return parts
  const context = { styles: odfStyles([]), objects: await odfObjects(archive, losses), losses, page: null }
  const isHiddenTable = hiddenTables()
  const at: Place = { sheet: -1, depth: 0, row: 0, column: 0, written: [], hasDrawing: false }
  scanXml(content, 'content.xml', {
    wanted: new Set([...drawn, 'p']),
    onEnter(element) {
      if (isHiddenTable(element) && at.depth === 0) parts.hidden.add(at.sheet + 1)
      enter(element, at)
    },
    onLeave(element) {
      const text = leave(element, at)
      if (text !== null) added(parts.texts, at.sheet).push(text)
    },
    onTree(element) {
      if (element.name === 'p') {
        at.written.push(oneLine(textOf(element)))
        return
      }
      if (element.name !== 'annotation') at.hasDrawing = true
      if (at.sheet === -1 || parts.hidden.has(at.sheet)) return
      const blocks = readFlow({ name: '', attributes: {}, children: [element] }, context)
      added(parts.extras, at.sheet).push(...blocks)
    },
  })
  return parts
}

function added<T>(lists: Map<number, T[]>, key: number): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** Follows the styles, which stand before the tables, and tells the tables whose style hides them. */
function hiddenTables(): (element: XmlElement) => boolean {
  const invisible = new Set<string>()
  let style = ''
  return (element) => {
    if (element.name === 'style') style = attribute(element, 'style:name') ?? ''
    if (element.name === 'table-properties' && attribute(element, 'display') === 'false') invisible.add(style)
    return element.name === 'table' && invisible.has(attribute(element, 'style-name') ?? '')
  }
}

const isCell = (element: XmlElement) => /^(?:covered-)?table-cell$/.test(element.name)

function enter(element: XmlElement, at: Place): void {
  if (element.name === 'table') {
    at.depth += 1
    if (at.depth > 1) return
    at.sheet += 1
    at.row = 0
  }
  if (element.name === 'table-row') at.column = 0
  if (isCell(element)) Object.assign(at, { written: [], hasDrawing: false })
}

/** The text of a cell that ends here, if something is anchored in it. */
function leave(element: XmlElement, at: Place): CellText | null {
  if (element.name === 'table') at.depth -= 1
  if (element.name === 'table-row') at.row += repeats(element, 'number-rows-repeated')
  if (!isCell(element)) return null
  const { row, column, hasDrawing } = at
  const text = at.written.filter((line) => line !== '').join(' ')
  at.column += repeats(element, 'number-columns-repeated')
  return hasDrawing && text !== '' && at.depth === 1 ? { row, column, text } : null
}

function repeats(element: XmlElement, name: string): number {
  const times = Number(attribute(element, name) ?? 1)
  return Number.isInteger(times) ? Math.max(times, 1) : 1
}
