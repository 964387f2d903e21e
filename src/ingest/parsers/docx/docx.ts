import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { openZipEntries, type ZipEntries } from '../archive/zip-entries.js'
import { blockList } from '../block-list.js'
import { withCaptions } from '../captions.js'
import { oneLine } from '../clean-text.js'
import { addFlow, type FlowBlock } from '../flow-block.js'
import { type LossList, lossList } from '../losses.js'
import { coreProperties, type Relationship, readPart, readSidePart, relatedParts, relationshipsOf } from '../opc.js'
import { pictureTray } from '../picture-tray.js'
import { attribute, childAt, childElements, type XmlElement } from '../xml.js'
import type { DocxPart } from './docx-drawing.js'
import { type DocxContext, type DocxNotes, readDocxFlow } from './docx-flow.js'
import { docxNumbering } from './docx-numbering.js'
import { docxStyles } from './docx-styles.js'

export const docxMediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/**
 * Word documents (.docx): headings and lists with their numbers, paragraphs, tables, formulas, charts, text boxes, code,
 * foot- and endnotes and comments after their paragraph. What was inserted under tracking is read, what was deleted is
 * not. Headers and footers are read only where nothing else is there. Pages of Word files depend on the printer: there
 * are none. The caller has let its archive through.
 */
export function docxParser(): Parser {
  return { mediaTypes: [docxMediaType], parse: readDocx }
}

async function readDocx(bytes: Uint8Array, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  const losses = lossList()
  const name = (await relationshipsOf(archive, '')).find(({ type }) => type === 'officeDocument')?.target
  const main = await readPartOf(archive, name ?? 'word/document.xml', losses)
  const body = main === null ? null : childAt(main.part.root, 'body')
  if (main === null || body === null) throw damaged()
  const flow = await readFlow(archive, { main, body, losses })
  const list = blockList()
  const isPlain = !flow.some((block) => block.kind === 'heading')
  const placed = addFlow(list, flow, { numberedHeadings: isPlain })
  const tray = pictureTray({ scratchDir, losses })
  for (const { target, place } of placed) {
    await tray.add({ name: target ?? '', bytes: target === null ? null : await archive.read(target) }, place)
  }
  const core = await coreProperties(archive, losses)
  return {
    title: titleOf(flow) ?? core.title ?? firstHeading(flow),
    mediaType: docxMediaType,
    pageCount: null,
    blocks: withCaptions(list.blocks, tray.pictures),
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: [],
    metadata: core.author === null ? {} : { author: core.author },
  }
}

interface Main {
  part: DocxPart
  relationships: Relationship[]
}

async function readFlow(
  archive: ZipEntries,
  { main, body, losses }: { main: Main; body: XmlElement; losses: LossList },
): Promise<FlowBlock[]> {
  const targetOf = (type: string) => main.relationships.find((one) => one.type === type)?.target
  const partOf = async (type: string) => {
    const target = targetOf(type)
    return target === undefined ? null : await readSidePart(archive, target, losses)
  }
  const notesOf = async (type: string, entry: string) => {
    const target = targetOf(type)
    return target === undefined ? null : await readNotes(archive, target, { entry, losses })
  }
  const context: DocxContext = {
    styles: docxStyles(await partOf('styles')),
    numbering: docxNumbering(await partOf('numbering')),
    notes: {
      footnote: await notesOf('footnotes', 'footnote'),
      endnote: await notesOf('endnotes', 'endnote'),
      comment: await notesOf('comments', 'comment'),
    },
    losses,
  }
  const blocks = readDocxFlow(body, { ...context, part: main.part })
  if (blocks.length > 0) return blocks
  const edges: FlowBlock[] = []
  for (const { type, target } of main.relationships) {
    const edge = type === 'header' || type === 'footer' ? await readPartOf(archive, target, losses) : null
    if (edge !== null) edges.push(...readDocxFlow(edge.part.root, { ...context, part: edge.part }))
  }
  return edges
}

async function readPartOf(archive: ZipEntries, name: string, losses: LossList): Promise<Main | null> {
  const root = await readPart(archive, name)
  if (root === null) return null
  const relationships = await relationshipsOf(archive, name)
  const targets = new Map(relationships.map(({ id, target }) => [id, target]))
  return { relationships, part: { root, targets, related: await relatedParts(archive, relationships, losses) } }
}

async function readNotes(
  archive: ZipEntries,
  name: string,
  { entry, losses }: { entry: string; losses: LossList },
): Promise<DocxNotes | null> {
  if ((await readSidePart(archive, name, losses)) === null) return null
  const notes = await readPartOf(archive, name, losses)
  if (notes === null) return null
  // The lines between text and notes are kept as notes of a type of their own.
  const own = childElements(notes.part.root, entry).filter((one) => (attribute(one, 'type') ?? 'normal') === 'normal')
  return { part: notes.part, entries: new Map(own.map((one) => [attribute(one, 'id') ?? '', one])) }
}

function titleOf(flow: readonly FlowBlock[]): string | null {
  const title = flow.find((block) => block.kind === 'heading' && block.isTitle)
  return title?.kind === 'heading' ? oneLine(title.text) : null
}

function firstHeading(flow: readonly FlowBlock[]): string | null {
  const first = flow.find((block) => block.kind === 'heading' && block.level === 1)
  return first?.kind === 'heading' ? oneLine(first.text) : null
}

function damaged(): InkstoneError {
  return new InkstoneError('file_corrupt', 'the Word document is damaged: its main part cannot be read', {
    remedy: 'open it in Word and save it again',
  })
}
