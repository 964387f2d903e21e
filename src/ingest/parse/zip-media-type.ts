import { openZipEntries } from '../parsers/archive/zip-entries.js'
import { docxMediaType } from '../parsers/docx/docx.js'

const openXmlKinds: readonly [RegExp, string][] = [
  [
    /(?:presentationml\.(?:presentation|slideshow|template)|ms-powerpoint\.[a-z]+\.macroEnabled)\.main\+xml/i,
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
  [
    /wordprocessingml\.(?:document|template)\.main\+xml|ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main\+xml/i,
    docxMediaType,
  ],
  [
    /spreadsheetml\.(?:sheet|template)\.main\+xml/i,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  [/ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml/i, 'application/vnd.ms-excel.sheet.macroenabled.12'],
]

/** Of a program that is not known here, such as Visio: its parts are no files of anybody's. */
const packageMediaType = 'application/x-open-package'

/**
 * What an archive says it is: an OpenDocument or e-book by its `mimetype` entry, an Office file by its list of content
 * types, wherever in the archive these stand. Null where it says nothing, or cannot be opened.
 */
export async function zipMediaType(bytes: Uint8Array): Promise<string | null> {
  if (!isZip(bytes)) return null
  try {
    const entries = await openZipEntries(bytes, { maxBytes: 1024 * 1024 })
    const declared = (await textEntry('mimetype')).trim()
    if (/^application\/[\w.+-]{1,100}$/.test(declared)) return declared
    const types = await textEntry('[Content_Types].xml')
    const isPackage = /<Types[\s>]/.test(types)
    return openXmlKinds.find(([pattern]) => pattern.test(types))?.[1] ?? (isPackage ? packageMediaType : null)

    async function textEntry(name: string): Promise<string> {
      return Buffer.from((await entries.read(name)) ?? [])
        .toString('latin1')
        .replaceAll('\0', '')
    }
  } catch {
    // What is wrong with it is for the gate and the parser to say.
    return null
  }
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}
