import { InkstoneError } from '../../core/errors.js'
import type { ZipEntries } from './archive/zip-entries.js'
import { oneLine } from './clean-text.js'
import type { LossList } from './losses.js'
import { attribute, childAt, childElements, parseXml, textOf, type XmlElement } from './xml.js'

export interface Relationship {
  id: string
  /** The last word of its type, such as `slide` or `notesSlide`: the two versions of the standard differ before it. */
  type: string
  /** Name of the part inside the archive. */
  target: string
}

/**
 * What a part of an Office file refers to inside the archive (Open Packaging Conventions); links out of it are left out.
 * @param part such as `ppt/presentation.xml`; '' for the file itself
 */
export async function relationshipsOf(archive: ZipEntries, part: string): Promise<Relationship[]> {
  const slash = part.lastIndexOf('/') + 1
  const folder = part.slice(0, slash)
  const root = await readPart(archive, `${folder}_rels/${part.slice(slash)}.rels`)
  if (root === null) return []
  return childElements(root, 'Relationship').flatMap((element) => {
    const target = attribute(element, 'Target')
    if (target === null || attribute(element, 'TargetMode') === 'External') return []
    const type = attribute(element, 'Type') ?? ''
    return [
      {
        id: attribute(element, 'Id') ?? '',
        type: type.slice(type.lastIndexOf('/') + 1),
        target: resolvePath(folder, target),
      },
    ]
  })
}

/** A part as XML, or null where the archive does not have it. */
export async function readPart(archive: ZipEntries, part: string): Promise<XmlElement | null> {
  const bytes = await archive.read(part)
  return bytes === null ? null : parseXml(bytes, part)
}

/** A part without which the rest can still be read; damaged, it is a loss. */
export async function readSidePart(archive: ZipEntries, part: string, losses: LossList): Promise<XmlElement | null> {
  try {
    return await readPart(archive, part)
  } catch (thrown) {
    if (!(thrown instanceof InkstoneError) || thrown.code !== 'file_corrupt') throw thrown
    losses.add('object', 'parts of the file that are damaged')
    return null
  }
}

/** The charts and diagrams that a part refers to, by their relationship ids. */
export async function relatedParts(
  archive: ZipEntries,
  relationships: readonly Relationship[],
  losses: LossList,
): Promise<Map<string, XmlElement>> {
  const parts = new Map<string, XmlElement>()
  for (const { id, type, target } of relationships) {
    if (type !== 'chart' && type !== 'diagramData') continue
    const part = await readSidePart(archive, target, losses)
    if (part !== null) parts.set(id, part)
  }
  return parts
}

/** Programs fill in a title of their own where nobody wrote one. */
const fillerTitle =
  /^(?:PowerPoint\s*(?:Presentation|演示文稿)|(?:新建)?(?:演示文稿|文档)\s*\d*|幻灯片\s*\d*|(?:Presentation|Document|Slide|Untitled|Title)\s*\d*|(?:Microsoft )?(?:Word|PowerPoint)(?: Document| 文档)?(?: - .*)?|.*\.(?:docx?|dotx?|pptx?|wps))$/i

/** What an Office file says of itself; null where it says nothing, or only what its program filled in. */
export async function coreProperties(
  archive: ZipEntries,
  losses: LossList,
): Promise<{ title: string | null; author: string | null }> {
  const name = (await relationshipsOf(archive, '')).find(({ type }) => type === 'core-properties')?.target
  const core = name === undefined ? null : await readSidePart(archive, name, losses)
  const read = (key: string) => {
    const element = core === null ? null : childAt(core, key)
    const text = element === null ? '' : oneLine(textOf(element))
    return text === '' ? null : text
  }
  const title = read('title')
  return { title: title !== null && fillerTitle.test(title) ? null : title, author: read('creator') }
}

/** A name inside an archive from one that is relative to a folder of it. */
export function resolvePath(folder: string, target: string): string {
  const segments: string[] = target.startsWith('/') ? [] : folder.split('/').filter((segment) => segment !== '')
  for (const segment of target.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}
