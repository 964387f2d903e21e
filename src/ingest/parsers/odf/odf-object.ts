import type { ZipEntries } from '../archive/zip-entries.js'
import type { FlowBlock } from '../flow-block.js'
import type { LossList } from '../losses.js'
import { mathmlText } from '../mathml.js'
import { readSidePart } from '../opc.js'
import { childAt, childElements, elementsNamed, textOf, type XmlElement } from '../xml.js'
import { type OdfContext, paragraphs } from './odf-inline.js'
import { odfTable } from './odf-table.js'

/** More objects than this are not read. */
const mostObjects = 500

/** The objects inside an OpenDocument file, by their names: charts, formulas and others. */
export async function odfObjects(archive: ZipEntries, losses: LossList): Promise<Map<string, XmlElement>> {
  const objects = new Map<string, XmlElement>()
  for (const name of archive.names.slice().sort()) {
    const folder = /^([^/]+)\/content\.xml$/.exec(name)?.[1]
    if (folder === undefined || objects.size >= mostObjects) continue
    const root = await readSidePart(archive, name, losses)
    if (root !== null) objects.set(folder, root)
  }
  return objects
}

/** A formula, which stands in its line; null for every other object. */
export function formulaOf(object: XmlElement): string | null {
  if (object.name !== 'math') return null
  const text = mathmlText(object)
  if (text !== '') return text
  // Where the formula is kept only as it was typed.
  return elementsNamed(object, 'annotation').map(textOf).join(' ').trim()
}

/** A chart's titles as a caption and its numbers as a table; null for every other object. */
export function odfChart(object: XmlElement, context: OdfContext): FlowBlock[] | null {
  const chart = childAt(object, 'body', 'chart', 'chart')
  const table = chart === null ? null : childAt(chart, 'table')
  if (chart === null || table === null) return null
  const plot = childAt(chart, 'plot-area')
  const owners = [chart, ...(plot === null ? [] : childElements(plot, 'axis'))]
  const titles = owners.flatMap((owner) => childElements(owner, 'title')).map((title) => paragraphs(title, context))
  const written = titles.filter((title) => title !== '')
  const caption: FlowBlock[] = written.length === 0 ? [] : [{ kind: 'caption', text: written.join('; ') }]
  return [...caption, odfTable(table, context)]
}
