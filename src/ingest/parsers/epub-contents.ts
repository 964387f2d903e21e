import type { ZipEntries } from './archive/zip-entries.js'
import { oneLine } from './clean-text.js'
import { decodeHtml } from './html/html.js'
import { descendants, attribute as htmlAttribute, parseHtml, rawText } from './html/html-tree.js'
import { resolvePath } from './opc.js'
import { attribute, childAt, elementsNamed, parseXml, textOf, type XmlElement } from './xml.js'

/** What a book's list of contents calls each of its pages: the entry that stands for the page as a whole. */
export async function bookContents(
  archive: ZipEntries,
  { book, packageName }: { book: XmlElement; packageName: string },
): Promise<Map<string, string>> {
  const folder = folderOf(packageName)
  const items = elementsNamed(childAt(book, 'manifest') ?? book, 'item')
  const hrefOf = (item: XmlElement | undefined) =>
    item === undefined ? null : entryName(folder, attribute(item, 'href') ?? '')
  const nav = hrefOf(items.find((item) => (attribute(item, 'properties') ?? '').split(/\s+/).includes('nav')))
  const ncx = hrefOf(items.find((item) => attribute(item, 'media-type') === 'application/x-dtbncx+xml'))
  const entries = nav !== null ? await entriesOfNav(archive, nav) : ncx !== null ? await entriesOfNcx(archive, ncx) : []
  const titles = new Map<string, string>()
  for (const { page, title } of entries) if (title !== '' && !titles.has(page)) titles.set(page, title)
  return titles
}

interface Entry {
  page: string
  title: string
}

async function entriesOfNav(archive: ZipEntries, name: string): Promise<Entry[]> {
  const bytes = await archive.read(name)
  if (bytes === null) return []
  const elements = [...descendants(parseHtml(decodeHtml(bytes)))]
  const navs = elements.filter(({ tagName }) => tagName === 'nav')
  const list = navs.find((nav) => htmlAttribute(nav, 'epub:type') === 'toc') ?? navs[0]
  if (list === undefined) return []
  return [...descendants(list)]
    .filter(({ tagName }) => tagName === 'a')
    .map((link) => ({
      page: entryName(folderOf(name), htmlAttribute(link, 'href') ?? ''),
      title: oneLine(rawText(link)),
    }))
}

async function entriesOfNcx(archive: ZipEntries, name: string): Promise<Entry[]> {
  const bytes = await archive.read(name)
  if (bytes === null) return []
  // Old books write a DOCTYPE, which opens nothing here but would be refused.
  const plain = Buffer.from(bytes)
    .toString('utf8')
    .replace(/<!DOCTYPE[^>[]*>/i, '')
  return elementsNamed(parseXml(Buffer.from(plain), name), 'navPoint').map((point) => {
    const content = childAt(point, 'content')
    const label = childAt(point, 'navLabel')
    return {
      page: entryName(folderOf(name), content === null ? '' : (attribute(content, 'src') ?? '')),
      title: label === null ? '' : oneLine(textOf(label)),
    }
  })
}

const folderOf = (name: string) => name.slice(0, name.lastIndexOf('/') + 1)

/** A name inside the archive from a reference in one of its folders. */
export function entryName(folder: string, href: string): string {
  const path = href.replace(/[#?].*$/, '')
  try {
    return resolvePath(folder, decodeURIComponent(path))
  } catch {
    return resolvePath(folder, path)
  }
}
