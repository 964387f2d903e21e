import { InkstoneError } from '../../core/errors.js'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { blockList } from './block-list.js'
import { oneLine } from './clean-text.js'
import { numberedHeadingLevel } from './numbered-heading.js'
import { readFlow } from './odf-flow.js'
import { type OdfStyles, odfStyles } from './odf-styles.js'
import { odpSlides } from './odp.js'
import { readPart } from './opc.js'
import { childAt, elementsNamed, textOf, type XmlElement } from './xml.js'
import { openZipEntries, type ZipEntries } from './zip-entries.js'

export const odtMediaType = 'application/vnd.oasis.opendocument.text'
export const odpMediaType = 'application/vnd.oasis.opendocument.presentation'

/** OpenDocument texts (.odt) and presentations (.odp), and their templates. The caller has let the archive through. */
export function odfParser(): Parser {
  return {
    mediaTypes: [odtMediaType, `${odtMediaType}-template`, odpMediaType, `${odpMediaType}-template`],
    parse: readOdf,
  }
}

async function readOdf(bytes: Uint8Array): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  await refuseEncrypted(archive)
  const content = await readPart(archive, 'content.xml')
  if (content === null) throw damaged('its main part "content.xml" is missing')
  const general = await readPart(archive, 'styles.xml')
  const styles = odfStyles(general === null ? [content] : [content, general])
  const properties = await readProperties(archive)
  const metadata = properties.author === null ? {} : { author: properties.author }
  const text = childAt(content, 'body', 'text')
  if (text !== null) {
    const document = readText(text, styles)
    return { ...document, title: document.title ?? properties.title, mediaType: odtMediaType, metadata }
  }
  const presentation = childAt(content, 'body', 'presentation')
  if (presentation === null) throw damaged('it holds neither a text nor slides')
  const slides = odpSlides(presentation, { styles })
  return { ...slides, title: slides.title ?? properties.title, mediaType: odpMediaType, metadata }
}

function readText(text: XmlElement, styles: OdfStyles): Omit<ParsedFile, 'mediaType' | 'metadata'> {
  const { blocks, pictures, objects } = readFlow(text, { styles })
  const list = blockList()
  const hasHeadings = blocks.some((block) => block.kind === 'heading')
  for (const block of blocks) {
    if (block.kind === 'heading') list.heading(block.text, { level: block.level })
    else if (block.kind === 'table') list.table(block.rows, { hasHeader: block.hasHeader })
    else {
      // As in Word files, short numbered paragraphs are headings where nothing else is.
      const isParagraph = block.kind === 'paragraph' && !hasHeadings
      const level = isParagraph ? numberedHeadingLevel(block.text) : null
      if (level === null) list.add(block.kind, block.text)
      else list.heading(block.text, { level })
    }
  }
  const titled =
    blocks.find((block) => block.kind === 'heading' && block.isTitle) ??
    blocks.find((block) => block.kind === 'heading' && block.level === 1)
  return {
    title: titled?.kind === 'heading' ? oneLine(titled.text) : null,
    pageCount: null,
    blocks: list.blocks,
    warnings: [
      ...(pictures > 0 ? [`text inside ${pictures} ${pictures === 1 ? 'picture' : 'pictures'} was not read`] : []),
      ...(objects > 0
        ? [`${objects} embedded ${objects === 1 ? 'object' : 'objects'} (charts, formulas) not read`]
        : []),
    ],
  }
}

async function readProperties(archive: ZipEntries): Promise<{ title: string | null; author: string | null }> {
  const meta = await readPart(archive, 'meta.xml')
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
