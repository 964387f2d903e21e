import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { Block, ParsedFile } from '../../../core/types.js'
import { openZipEntries, type ZipEntries } from '../archive/zip-entries.js'
import { blockList } from '../block-list.js'
import { withCaptions } from '../captions.js'
import { oneLine } from '../clean-text.js'
import { addFlow, type FlowBlock, type PlacedPicture } from '../flow-block.js'
import { type LossList, lossList } from '../losses.js'
import { readPart, readSidePart } from '../opc.js'
import { pictureTray } from '../picture-tray.js'
import { childAt, elementsNamed, textOf } from '../xml.js'
import { readFlow } from './odf-flow.js'
import { odfObjects } from './odf-object.js'
import { odfStyles } from './odf-styles.js'
import { odpSlides } from './odp.js'

export const odtMediaType = 'application/vnd.oasis.opendocument.text'
export const odpMediaType = 'application/vnd.oasis.opendocument.presentation'

/** OpenDocument texts (.odt) and presentations (.odp), and their templates. The caller has let the archive through. */
export function odfParser(): Parser {
  return {
    mediaTypes: [odtMediaType, `${odtMediaType}-template`, odpMediaType, `${odpMediaType}-template`],
    parse: readOdf,
  }
}

async function readOdf(bytes: Uint8Array, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  await refuseEncrypted(archive)
  const content = await readPart(archive, 'content.xml')
  if (content === null) throw damaged('its main part "content.xml" is missing')
  const losses = lossList()
  const general = await readSidePart(archive, 'styles.xml', losses)
  const context = {
    styles: odfStyles(general === null ? [content] : [content, general]),
    objects: await odfObjects(archive, losses),
    losses,
  }
  const text = childAt(content, 'body', 'text')
  const presentation = childAt(content, 'body', 'presentation')
  if (text === null && presentation === null) throw damaged('it holds neither a text nor slides')
  const read: Content =
    text !== null ? textOfFlow(readFlow(text, { ...context, page: null })) : odpSlides(presentation ?? content, context)
  const tray = pictureTray({ scratchDir, losses })
  for (const { target, place } of read.pictures) {
    await tray.add({ name: target ?? '', bytes: target === null ? null : await archive.read(target) }, place)
  }
  const properties = await readProperties(archive, losses)
  return {
    title: read.title ?? properties.title ?? read.firstHeading,
    mediaType: text === null ? odpMediaType : odtMediaType,
    pageCount: read.pageCount,
    blocks: withCaptions(read.blocks, tray.pictures),
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: [],
    metadata: properties.author === null ? {} : { author: properties.author },
  }
}

interface Content {
  title: string | null
  /** Stands for a title where neither text nor file has one. */
  firstHeading: string | null
  pageCount: number | null
  blocks: Block[]
  pictures: PlacedPicture[]
}

function textOfFlow(flow: readonly FlowBlock[]): Content {
  const list = blockList()
  // As in Word files, short numbered paragraphs are headings where nothing else is.
  const headings = flow.filter((block) => block.kind === 'heading')
  const pictures = addFlow(list, flow, { numberedHeadings: headings.length === 0 })
  const title = headings.find((block) => block.isTitle)
  const first = headings.find((block) => block.level === 1)
  return {
    title: title === undefined ? null : oneLine(title.text),
    firstHeading: first === undefined ? null : oneLine(first.text),
    pageCount: null,
    blocks: list.blocks,
    pictures,
  }
}

async function readProperties(
  archive: ZipEntries,
  losses: LossList,
): Promise<{ title: string | null; author: string | null }> {
  const meta = await readSidePart(archive, 'meta.xml', losses)
  const read = (name: string) => {
    const text = meta === null ? '' : oneLine(elementsNamed(meta, name).map(textOf)[0] ?? '')
    return text === '' ? null : text
  }
  return { title: read('title'), author: read('initial-creator') ?? read('creator') }
}

async function refuseEncrypted(archive: ZipEntries): Promise<void> {
  // Old programs write a DOCTYPE into the manifest, so it is searched as text and never read as XML.
  const manifest = Buffer.from((await archive.read('META-INF/manifest.xml')) ?? []).toString('latin1')
  if (!manifest.includes('encryption-data')) return
  throw new InkstoneError('password_required', 'the document is protected with a password', {
    remedy: 'open it, remove the password, save it and add it again',
  })
}

function damaged(reason: string): InkstoneError {
  return new InkstoneError('file_corrupt', `the OpenDocument file is damaged: ${reason}`, {
    remedy: 'open it in its program and save it again',
  })
}
