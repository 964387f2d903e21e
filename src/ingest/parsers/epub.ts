import { InkstoneError } from '../../core/errors.js'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { oneLine } from './clean-text.js'
import { decodeHtml } from './html.js'
import { htmlBlocks } from './html-blocks.js'
import { descendants, findElement, type HtmlParent, joinParents, parseHtml } from './html-tree.js'
import { readPart, resolvePath } from './opc.js'
import { attribute, childAt, elementsNamed, textOf, type XmlElement } from './xml.js'
import { openZipEntries, type ZipEntries } from './zip-entries.js'

export const epubMediaType = 'application/epub+zip'

/**
 * E-books (EPUB 2 and 3): the chapters in the order of the spine as one text, without the navigation. They have no pages.
 * The caller has let the archive through.
 */
export function epubParser(): Parser {
  return { mediaTypes: [epubMediaType], parse: readEpub }
}

async function readEpub(bytes: Uint8Array): Promise<ParsedFile> {
  const archive = await openZipEntries(bytes)
  const packageName = await packagePath(archive)
  const book = await readPart(archive, packageName)
  if (book === null) throw damaged(`its list of contents "${packageName}" is missing`)
  const chapters = chapterNames(book, packageName.slice(0, packageName.lastIndexOf('/') + 1))
  await refuseEncrypted(archive, chapters)
  const bodies: HtmlParent[] = []
  const missing: string[] = []
  for (const name of chapters) {
    const page = await archive.read(name)
    if (page === null) missing.push(name)
    else bodies.push(bodyOf(page))
  }
  if (bodies.length === 0) throw damaged('none of its chapters is there')
  const pictures = bodies.flatMap((body) => [...descendants(body)].filter(({ tagName }) => tagName === 'img')).length
  const { title, metadata } = describe(book)
  return {
    title,
    mediaType: epubMediaType,
    pageCount: null,
    blocks: htmlBlocks(joinParents(bodies)),
    warnings: [
      ...missing.map((name) => `the chapter "${name}" is missing in the file`),
      ...(pictures > 0 ? [`text inside ${pictures} ${pictures === 1 ? 'picture' : 'pictures'} was not read`] : []),
    ],
    metadata,
  }
}

async function packagePath(archive: ZipEntries): Promise<string> {
  const container = await readPart(archive, 'META-INF/container.xml')
  const rootFile = container === null ? null : childAt(container, 'rootfiles', 'rootfile')
  const path = rootFile === null ? null : attribute(rootFile, 'full-path')
  if (path === null) throw damaged('it does not say where its contents are')
  return resolvePath('', path)
}

/** The spine's pages inside the archive, without those that only list the others. */
function chapterNames(book: XmlElement, folder: string): string[] {
  const byId = new Map(
    elementsNamed(childAt(book, 'manifest') ?? book, 'item').map((item) => [attribute(item, 'id') ?? '', item]),
  )
  const contents = elementsNamed(childAt(book, 'guide') ?? book, 'reference')
    .filter((reference) => attribute(reference, 'type') === 'toc')
    .map((reference) => entryName(folder, attribute(reference, 'href') ?? ''))
  const names = elementsNamed(childAt(book, 'spine') ?? book, 'itemref').flatMap((reference) => {
    const item = byId.get(attribute(reference, 'idref') ?? '')
    const isPage = item !== undefined && /x?html/i.test(attribute(item, 'media-type') ?? '')
    if (!isPage || (attribute(item, 'properties') ?? '').split(/\s+/).includes('nav')) return []
    return [entryName(folder, attribute(item, 'href') ?? '')]
  })
  // A book of one page may call its beginning its contents.
  const kept = names.filter((name) => !contents.includes(name))
  return [...new Set(kept.length > 0 ? kept : names)]
}

function entryName(folder: string, href: string): string {
  const path = href.replace(/[#?].*$/, '')
  try {
    return resolvePath(folder, decodeURIComponent(path))
  } catch {
    return resolvePath(folder, path)
  }
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
