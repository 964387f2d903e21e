import { InkstoneError } from '../../core/errors.js'
import type { ParseContext, Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { openZipEntries, type ZipEntries } from './archive/zip-entries.js'
import { oneLine } from './clean-text.js'
import { bookContents, entryName } from './epub-contents.js'
import { decodeHtml } from './html/html.js'
import { htmlContent } from './html/html-blocks.js'
import { linkShare, mostLinks } from './html/html-furniture.js'
import { collectImages, linkedWarnings } from './html/html-images.js'
import { descendants, findElement, type HtmlParent, joinParents, parseHtml, prependHeading } from './html/html-tree.js'
import { lossList } from './losses.js'
import { readPart, resolvePath } from './opc.js'
import { pictureTray } from './picture-tray.js'
import { attribute, childAt, elementsNamed, textOf, type XmlElement } from './xml.js'

export const epubMediaType = 'application/epub+zip'

/**
 * E-books (EPUB 2 and 3): the chapters in the order of the spine as one text, without the navigation. They have no pages.
 * The caller has let the archive through.
 */
export function epubParser(): Parser {
  return { mediaTypes: [epubMediaType], parse: readEpub }
}

async function readEpub(bytes: Uint8Array, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  const packageName = await packagePath(archive)
  const book = await readPart(archive, packageName)
  if (book === null) throw damaged(`its list of contents "${packageName}" is missing`)
  const { pages, lists } = spinePages(book, packageName.slice(0, packageName.lastIndexOf('/') + 1))
  await refuseEncrypted(archive, pages)
  const losses = lossList()
  const contents = await bookContents(archive, { book, packageName })
  // A book of one page may call its beginning its contents.
  const hasOthers = pages.some((name) => !lists.has(name))
  const chapters: HtmlParent[] = []
  for (const name of pages) {
    const page = await archive.read(name)
    if (page === null) losses.add('text', 'chapters that are missing in the file')
    else {
      const body = bodyOf(page)
      const isList = hasOthers && lists.has(name) && linkShare(body) > mostLinks
      if (!isList) chapters.push(asChapter(body, { name, heading: contents.get(name) ?? null }))
    }
  }
  if (chapters.length === 0) throw damaged('none of its chapters is there')
  const { blocks, images } = htmlContent(joinParents(chapters), { losses })
  const tray = pictureTray({ scratchDir, losses })
  const linked = await collectImages(images, { tray, read: (src) => archive.read(src) })
  const { title, metadata } = describe(book)
  return {
    title,
    mediaType: epubMediaType,
    pageCount: null,
    blocks,
    pictures: tray.pictures,
    members: [],
    losses: losses.losses,
    warnings: linkedWarnings(linked),
    metadata,
  }
}

/** A chapter's page; where it has no heading of its own, the list of contents says what it is called. */
function asChapter(body: HtmlParent, { name, heading }: { name: string; heading: string | null }): HtmlParent {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  let hasHeading = false
  for (const element of descendants(body)) {
    if (/^h[1-6]$/.test(element.tagName)) hasHeading = true
    if (element.tagName !== 'img' && element.tagName !== 'image') continue
    // Chapters lie in folders of their own: what they refer to is named as the archive names it.
    for (const attribute of element.attrs) {
      const isLink = attribute.name === 'src' || attribute.name === 'href'
      if (isLink && !/^[a-z][a-z\d+.-]*:/i.test(attribute.value)) attribute.value = entryName(folder, attribute.value)
    }
  }
  if (!hasHeading && heading !== null) prependHeading(body, heading)
  return body
}

async function packagePath(archive: ZipEntries): Promise<string> {
  const container = await readPart(archive, 'META-INF/container.xml')
  const rootFile = container === null ? null : childAt(container, 'rootfiles', 'rootfile')
  const path = rootFile === null ? null : attribute(rootFile, 'full-path')
  if (path === null) throw damaged('it does not say where its contents are')
  return resolvePath('', path)
}

/** The spine's pages inside the archive, and those of them that are said to list the others. */
function spinePages(book: XmlElement, folder: string): { pages: string[]; lists: ReadonlySet<string> } {
  const byId = new Map(
    elementsNamed(childAt(book, 'manifest') ?? book, 'item').map((item) => [attribute(item, 'id') ?? '', item]),
  )
  // A reference may lead into the middle of a page: what else stands there is seen from the page.
  const lists = elementsNamed(childAt(book, 'guide') ?? book, 'reference')
    .filter((reference) => attribute(reference, 'type') === 'toc')
    .map((reference) => entryName(folder, attribute(reference, 'href') ?? ''))
  const pages = elementsNamed(childAt(book, 'spine') ?? book, 'itemref').flatMap((reference) => {
    const item = byId.get(attribute(reference, 'idref') ?? '')
    if (item === undefined || !/x?html/i.test(attribute(item, 'media-type') ?? '')) return []
    const name = entryName(folder, attribute(item, 'href') ?? '')
    if ((attribute(item, 'properties') ?? '').split(/\s+/).includes('nav')) lists.push(name)
    return [name]
  })
  return { pages: [...new Set(pages)], lists: new Set(lists) }
}

/** Fonts are often scrambled to protect the font; a book whose pages are encrypted can be read by its own shop only. */
async function refuseEncrypted(archive: ZipEntries, chapters: readonly string[]): Promise<void> {
  const encryption = await readPart(archive, 'META-INF/encryption.xml')
  if (encryption === null) return
  const locked = elementsNamed(encryption, 'CipherReference').map((reference) =>
    entryName('', attribute(reference, 'URI') ?? ''),
  )
  if (!chapters.some((name) => locked.includes(name))) return
  throw new InkstoneError('password_required', 'the e-book is protected against copying (DRM): its text is encrypted', {
    remedy: 'add a copy without copy protection, such as one from the publisher',
  })
}

const emptyElement =
  /<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)[\s/])([a-z][\w:.-]*)((?:\s[^<>]*)?)\/>/gi

/** XHTML's empty elements, such as `<title/>`, would swallow all that follows them in an HTML reader. */
function bodyOf(page: Uint8Array): HtmlParent {
  const document = parseHtml(decodeHtml(page).replace(emptyElement, '<$1$2></$1>'))
  return findElement(document, 'body') ?? document
}

function describe(book: XmlElement): Pick<ParsedFile, 'title' | 'metadata'> {
  const all = (name: string) =>
    elementsNamed(childAt(book, 'metadata') ?? book, name)
      .map((element) => oneLine(textOf(element)))
      .filter((text) => text !== '')
  const metadata: ParsedFile['metadata'] = {}
  const entries = {
    author: all('creator').join(', '),
    language: all('language')[0],
    publisher: all('publisher')[0],
    date: all('date')[0],
  }
  for (const [key, value] of Object.entries(entries)) if (value !== undefined && value !== '') metadata[key] = value
  return { title: all('title')[0] ?? null, metadata }
}

function damaged(reason: string): InkstoneError {
  return new InkstoneError('file_corrupt', `the e-book is damaged: ${reason}`, {
    remedy: 'copy or download the file again',
  })
}
