import { fileTypeFromBuffer } from 'file-type'
import { byteOrderMark, decodeText } from '../parsers/decode.js'
import { docxMediaType } from '../parsers/docx/docx.js'
import { isCompoundFile } from './compound-file.js'
import { compoundMediaType } from './compound-media-type.js'
import { textMediaType } from './text-media-type.js'
import { zipMediaType } from './zip-media-type.js'

export interface DetectedType {
  /** Null where the bytes are nothing known. */
  mediaType: string | null
  /** What it is, in words for people. */
  label: string
}

const sampleBytes = 65_536

/**
 * Formats whose bytes are never text. Old office formats are not among them: many programs export web pages and tables
 * under the names .doc and .xls.
 */
const binaryFormats: Readonly<Record<string, string>> = {
  pdf: 'a PDF',
  docx: 'a Word document',
  xlsx: 'an Excel workbook',
  xlsm: 'an Excel workbook',
  pptx: 'a PowerPoint presentation',
  odt: 'an OpenDocument text',
  ods: 'an OpenDocument spreadsheet',
  odp: 'an OpenDocument presentation',
  epub: 'an e-book',
  msg: 'an Outlook message',
  zip: 'an archive',
  tar: 'an archive',
  gz: 'an archive',
  tgz: 'an archive',
  png: 'a picture',
  jpg: 'a picture',
  jpeg: 'a picture',
  gif: 'a picture',
  bmp: 'a picture',
  tif: 'a picture',
  tiff: 'a picture',
  webp: 'a picture',
}

const labels: Readonly<Record<string, string>> = {
  [docxMediaType]: 'a Word document (.docx)',
  'application/rtf': 'a rich text document (.rtf)',
  'application/zip': 'an archive (.zip)',
}

/** What a file's name claims it to be while its bytes are text or nothing known; null when the two agree. */
export function falseClaim({ mediaType }: DetectedType, fileName: string): string | null {
  const isTextOrUnknown = mediaType === null || mediaType.startsWith('text/') || readAsText.has(mediaType)
  return isTextOrUnknown ? (binaryFormats[extensionOf(fileName)] ?? null) : null
}

const readAsText = new Set(['application/xml', 'application/json'])

function extensionOf(fileName: string): string {
  return /\.([^./\\]{1,10})$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
}

/**
 * Tells what a file is by its bytes. Its name decides only between kinds of text, where the bytes leave it open.
 * An office file with a password is `application/x-encrypted-office`.
 */
export async function detectMediaType(bytes: Uint8Array, fileName: string): Promise<DetectedType> {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  // Readers accept a few bytes of junk before a PDF's header.
  if (head.includes('%PDF-')) return { mediaType: 'application/pdf', label: 'a PDF' }
  if (head.startsWith('\u00ffWPC')) return { mediaType: 'application/vnd.wordperfect', label: 'a WordPerfect document' }
  const extension = extensionOf(fileName)
  if (isCompoundFile(bytes)) return compoundMediaType(bytes, extension)
  const zipped = await zipMediaType(bytes)
  if (zipped !== null) return { mediaType: zipped, label: describe(zipped, extension === '' ? 'zip' : extension) }
  // A byte order mark looks like the beginning of an MP3 to the detector.
  const found = byteOrderMark(bytes) === null ? await fileTypeFromBuffer(bytes) : undefined
  if (found !== undefined && !isMistakenForBinary(found.mime)) {
    return { mediaType: found.mime, label: describe(found.mime, found.ext) }
  }
  return textMediaType(decodeText(bytes.subarray(0, sampleBytes)).text, extension)
}

/** Kinds of text, and those whose few magic bytes also begin ordinary text. */
function isMistakenForBinary(mime: string): boolean {
  return mime.startsWith('text/') || /^application\/(?:xml|x-ms-regedit|pgp-encrypted)$/.test(mime)
}

function describe(mime: string, extension: string): string {
  return labels[mime] ?? `a .${extension} file (${mime})`
}
