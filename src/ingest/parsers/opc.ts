import { attribute, childElements, parseXml, type XmlElement } from './xml.js'
import type { ZipEntries } from './zip-entries.js'

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

/** A name inside an archive from one that is relative to a folder of it. */
export function resolvePath(folder: string, target: string): string {
  const segments: string[] = target.startsWith('/') ? [] : folder.split('/').filter((segment) => segment !== '')
  for (const segment of target.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}
