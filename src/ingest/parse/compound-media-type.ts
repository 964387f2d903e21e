import { spreadsheetMediaTypes } from '../parsers/sheet/spreadsheet.js'
import { compoundFileEntries } from './compound-file.js'

interface CompoundKind {
  /** The entry by which the program is known. */
  entry: RegExp
  /** Of files that are too damaged to show their entries. */
  extensions: readonly string[]
  mediaType: string
  label: string
}

const unknownType = 'application/x-cfb'

/** Programs of the same family write the same streams: WPS writes .wps, .et and .dps files like .doc, .xls and .ppt. */
const kinds: readonly CompoundKind[] = [
  {
    entry: /^(?:Workbook|Book)$/i,
    extensions: ['xls'],
    mediaType: spreadsheetMediaTypes.xls,
    label: 'an old Excel workbook (.xls)',
  },
  {
    entry: /^WordDocument$/i,
    extensions: ['doc'],
    mediaType: 'application/msword',
    label: 'an old Word document (.doc)',
  },
  {
    entry: /^PowerPoint Document$/i,
    extensions: ['ppt', 'pps'],
    mediaType: 'application/vnd.ms-powerpoint',
    label: 'an old PowerPoint presentation (.ppt)',
  },
  {
    entry: /^__properties_version1\.0$/i,
    extensions: ['msg'],
    mediaType: 'application/vnd.ms-outlook',
    label: 'an Outlook message (.msg)',
  },
  {
    entry: /^MatOST$/i,
    extensions: ['wps'],
    mediaType: 'application/vnd.ms-works',
    label: 'a Works document (.wps)',
  },
  { entry: /^VisioDocument$/i, extensions: ['vsd'], mediaType: unknownType, label: 'an old Visio drawing (.vsd)' },
  { entry: /^Quill$/i, extensions: ['pub'], mediaType: unknownType, label: 'a Publisher document (.pub)' },
]

/** Which program a compound file is of, by its entries. */
export function compoundMediaType(bytes: Uint8Array, extension: string): { mediaType: string; label: string } {
  const entries = compoundFileEntries(bytes)
  if (isEncrypted(bytes, entries)) {
    return { mediaType: 'application/x-encrypted-office', label: 'an office document with a password' }
  }
  const byEntry = kinds.find(({ entry }) => entries.some((name) => entry.test(name)))
  // Without a directory the file is damaged, which its parser says best.
  const kind = byEntry ?? (entries.length === 0 ? kinds.find(({ extensions }) => extensions.includes(extension)) : null)
  return { mediaType: kind?.mediaType ?? unknownType, label: kind?.label ?? 'an old Microsoft Office file' }
}

function isEncrypted(bytes: Uint8Array, entries: readonly string[]): boolean {
  if (entries.length > 0) return entries.includes('EncryptedPackage')
  const name = Buffer.from('EncryptedPackage', 'utf16le')
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name)
}
