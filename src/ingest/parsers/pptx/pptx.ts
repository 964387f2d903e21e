import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { Block, ParsedFile } from '../../../core/types.js'
import { openZipEntries, type ZipEntries } from '../archive/zip-entries.js'
import { withCaptions } from '../captions.js'
import type { PlacedPicture } from '../flow-block.js'
import { type LossList, lossList } from '../losses.js'
import { coreProperties, type Relationship, readPart, readSidePart, relatedParts, relationshipsOf } from '../opc.js'
import { pictureTray } from '../picture-tray.js'
import { attribute, childAt, childElements } from '../xml.js'
import { commentAuthors, commentBlocks } from './pptx-comments.js'
import { type SlideDesign, slideDesign } from './pptx-design.js'
import { notesBlocks, slideShapes } from './pptx-slide.js'
import { type SlideBlock, slideBlocks } from './slide.js'

export const pptxMediaType = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

/**
 * PowerPoint presentations (.pptx, .ppsx, .pptm): a page for each slide, with its title as a heading, texts, lists,
 * tables, charts and diagrams in reading order, and the speaker's notes. The caller has let its archive through.
 */
export function pptxParser(): Parser {
  return { mediaTypes: [pptxMediaType], parse: readPptx }
}

interface Deck {
  archive: ZipEntries
  designs: Map<string, SlideDesign>
  authors: ReadonlyMap<string, string>
  losses: LossList
}

interface ReadSlide {
  title: string
  blocks: Block[]
  pictures: PlacedPicture[]
}

async function readPptx(bytes: Uint8Array, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  const losses = lossList()
  const { slides, authors } = await readMain(archive, losses)
  const deck: Deck = { archive, designs: new Map(), authors, losses }
  const tray = pictureTray({ scratchDir, losses })
  const blocks: Block[] = []
  let title = ''
  for (const [index, name] of slides.entries()) {
    const slide = await readSlide(name, { deck, page: index + 1 })
    if (index === 0) title = slide.title
    for (const { target, place } of slide.pictures) {
      const picture = { name: target ?? '', bytes: target === null ? null : await archive.read(target) }
      await tray.add(picture, { ...place, at: blocks.length + place.at })
    }
    blocks.push(...slide.blocks)
  }
  const core = await coreProperties(archive, losses)
  return {
    title: title === '' ? core.title : title,
    mediaType: pptxMediaType,
    pageCount: slides.length,
    blocks: withCaptions(blocks, tray.pictures),
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: [],
    metadata: core.author === null ? {} : { author: core.author },
  }
}

/** The slides' parts in the order of the presentation, and who has commented on them. */
async function readMain(
  archive: ZipEntries,
  losses: LossList,
): Promise<{ slides: string[]; authors: Map<string, string> }> {
  const main = (await relationshipsOf(archive, '')).find(({ type }) => type === 'officeDocument')
  const name = main?.target ?? 'ppt/presentation.xml'
  const presentation = await readPart(archive, name)
  if (presentation === null) throw damaged(`its main part "${name}" is missing`)
  const relationships = await relationshipsOf(archive, name)
  const targets = new Map(relationships.map(({ id, target }) => [id, target]))
  const list = childAt(presentation, 'sldIdLst')
  const slides = (list === null ? [] : childElements(list, 'sldId')).map((entry, index) => {
    const target = targets.get(attribute(entry, 'r:id') ?? '')
    if (target === undefined) throw damaged(`slide ${index + 1} is missing`)
    return target
  })
  const authors = new Map<string, string>()
  for (const { type, target } of relationships) {
    const part = /^(?:commentAuthors|authors)$/.test(type) ? await readSidePart(archive, target, losses) : null
    if (part !== null) for (const [id, author] of commentAuthors(part)) authors.set(id, author)
  }
  return { slides, authors }
}

async function readSlide(name: string, { deck, page }: { deck: Deck; page: number }): Promise<ReadSlide> {
  const { archive, losses } = deck
  const root = await readPart(archive, name)
  if (root === null) throw damaged(`slide ${page} is missing`)
  if (/^(?:0|false)$/.test(attribute(root, 'show') ?? '')) {
    losses.add('page', 'hidden slides are not read', page)
    return { title: '', blocks: [], pictures: [] }
  }
  const relationships = await relationshipsOf(archive, name)
  const layout = relationships.find(({ type }) => type === 'slideLayout')?.target ?? ''
  const design = deck.designs.get(layout) ?? (await readDesign(deck, layout))
  deck.designs.set(layout, design)
  const shapes = slideShapes(root, {
    design,
    targets: new Map(relationships.map(({ id, target }) => [id, target])),
    related: await relatedParts(archive, relationships, losses),
    losses,
    page,
  })
  const notesName = relationships.find(({ type }) => type === 'notesSlide')?.target
  const notesPage = notesName === undefined ? null : await readSidePart(archive, notesName, losses)
  const notes = notesPage === null ? [] : notesBlocks(notesPage)
  const comments = await readComments(relationships, deck)
  return { title: shapes.title, ...slideBlocks({ ...shapes, comments, notes }, { page }) }
}

async function readComments(
  relationships: readonly Relationship[],
  { archive, authors, losses }: Deck,
): Promise<SlideBlock[]> {
  const blocks: SlideBlock[] = []
  for (const { type, target } of relationships) {
    const part = type === 'comments' ? await readSidePart(archive, target, losses) : null
    if (part !== null) blocks.push(...commentBlocks(part, authors))
  }
  return blocks
}

async function readDesign({ archive, losses }: Deck, layoutName: string): Promise<SlideDesign> {
  const masterName = (await relationshipsOf(archive, layoutName)).find(({ type }) => type === 'slideMaster')?.target
  const layout = await readSidePart(archive, layoutName, losses)
  return slideDesign(layout, masterName === undefined ? null : await readSidePart(archive, masterName, losses))
}

function damaged(reason: string): InkstoneError {
  return new InkstoneError('file_corrupt', `the presentation is damaged: ${reason}`, {
    remedy: 'open it in PowerPoint and save it again',
  })
}
