import { InkstoneError } from '../../core/errors.js'
import type { Parser } from '../../core/ports.js'
import type { Block, ParsedFile } from '../../core/types.js'
import { oneLine } from './clean-text.js'
import { type Relationship, readPart, relationshipsOf } from './opc.js'
import { type SlideDesign, slideDesign } from './pptx-design.js'
import { notesBlocks, slideShapes } from './pptx-slide.js'
import { slideBlocks, slideNumbers } from './slide.js'
import { attribute, childAt, childElements, textOf, type XmlElement } from './xml.js'
import { openZipEntries, type ZipEntries } from './zip-entries.js'

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
  hidden: number[]
  pictures: number[]
  formulas: number[]
}

async function readPptx(bytes: Uint8Array): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  const slides = await slideNames(archive)
  const deck: Deck = { archive, designs: new Map(), hidden: [], pictures: [], formulas: [] }
  const blocks: Block[] = []
  let title = ''
  for (const [index, name] of slides.entries()) {
    const slide = await readSlide(name, { deck, page: index + 1 })
    if (title === '' && index === 0) title = slide.title
    blocks.push(...slide.blocks)
  }
  const core = await coreProperties(archive)
  return {
    title: title === '' ? core.title : title,
    mediaType: pptxMediaType,
    pageCount: slides.length,
    blocks,
    warnings: warningsOf(deck),
    metadata: core.author === null ? {} : { author: core.author },
  }
}

/** The slides' parts in the order of the presentation. */
async function slideNames(archive: ZipEntries): Promise<string[]> {
  const main = (await relationshipsOf(archive, '')).find(({ type }) => type === 'officeDocument')
  const name = main?.target ?? 'ppt/presentation.xml'
  const presentation = await readPart(archive, name)
  if (presentation === null) throw damaged(`its main part "${name}" is missing`)
  const targets = new Map((await relationshipsOf(archive, name)).map(({ id, target }) => [id, target]))
  const list = childAt(presentation, 'sldIdLst')
  return (list === null ? [] : childElements(list, 'sldId')).map((entry, index) => {
    const target = targets.get(attribute(entry, 'r:id') ?? '')
    if (target === undefined) throw damaged(`slide ${index + 1} is missing`)
    return target
  })
}

async function readSlide(
  name: string,
  { deck, page }: { deck: Deck; page: number },
): Promise<{ title: string; blocks: Block[] }> {
  const root = await readPart(deck.archive, name)
  if (root === null) throw damaged(`slide ${page} is missing`)
  if (/^(?:0|false)$/.test(attribute(root, 'show') ?? '')) {
    deck.hidden.push(page)
    return { title: '', blocks: [] }
  }
  const relationships = await relationshipsOf(deck.archive, name)
  const layout = relationships.find(({ type }) => type === 'slideLayout')?.target ?? ''
  const design = deck.designs.get(layout) ?? (await readDesign(deck.archive, layout))
  deck.designs.set(layout, design)
  const shapes = slideShapes(root, { design, related: await relatedParts(deck.archive, relationships) })
  if (shapes.hasPictures) deck.pictures.push(page)
  if (shapes.hasFormulas) deck.formulas.push(page)
  const notesName = relationships.find(({ type }) => type === 'notesSlide')?.target
  const notesPage = notesName === undefined ? null : await readPart(deck.archive, notesName)
  const notes = notesPage === null ? [] : notesBlocks(notesPage)
  return { title: shapes.title, blocks: slideBlocks({ ...shapes, notes }, { page }) }
}

async function readDesign(archive: ZipEntries, layoutName: string): Promise<SlideDesign> {
  const masterName = (await relationshipsOf(archive, layoutName)).find(({ type }) => type === 'slideMaster')?.target
  const layout = await readPart(archive, layoutName)
  return slideDesign(layout, masterName === undefined ? null : await readPart(archive, masterName))
}

async function relatedParts(
  archive: ZipEntries,
  relationships: readonly Relationship[],
): Promise<Map<string, XmlElement>> {
  const parts = new Map<string, XmlElement>()
  for (const { id, type, target } of relationships) {
    if (type !== 'chart' && type !== 'diagramData') continue
    const part = await readPart(archive, target)
    if (part !== null) parts.set(id, part)
  }
  return parts
}

/** Programs fill in a title of their own where nobody wrote one. */
const fillerTitle = /^(?:PowerPoint\s*(?:Presentation|演示文稿)|演示文稿\d*|幻灯片\s*\d*|Presentation\d*|Slide\s*\d*)$/i

async function coreProperties(archive: ZipEntries): Promise<{ title: string | null; author: string | null }> {
  const name = (await relationshipsOf(archive, '')).find(({ type }) => type === 'core-properties')?.target
  const core = name === undefined ? null : await readPart(archive, name)
  const read = (key: string) => {
    const element = core === null ? null : childAt(core, key)
    const text = element === null ? '' : oneLine(textOf(element))
    return text === '' ? null : text
  }
  const title = read('title')
  return { title: title !== null && fillerTitle.test(title) ? null : title, author: read('creator') }
}

function warningsOf({ hidden, pictures, formulas }: Deck): string[] {
  const isOne = hidden.length === 1
  return [
    ...(hidden.length > 0
      ? [`${slideNumbers(hidden)} ${isOne ? 'is' : 'are'} hidden and ${isOne ? 'was' : 'were'} not read`]
      : []),
    ...(pictures.length > 0 ? [`text inside pictures was not read: ${slideNumbers(pictures)}`] : []),
    ...(formulas.length > 0 ? [`formulas were not read: ${slideNumbers(formulas)}`] : []),
  ]
}

function damaged(reason: string): InkstoneError {
  return new InkstoneError('file_corrupt', `the presentation is damaged: ${reason}`, {
    remedy: 'open it in PowerPoint and save it again',
  })
}
