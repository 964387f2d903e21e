import { fileTypeFromBuffer } from 'file-type'
import { compoundFileEntries } from './compound-file.js'
import { byteOrderMark, decodeText } from './parsers/decode.js'
import { docxMediaType } from './parsers/docx.js'
import { spreadsheetMediaTypes } from './parsers/spreadsheet.js'
import { zipMediaType } from './zip-media-type.js'

export interface DetectedType {
  /** Null where the bytes are nothing known. */
  mediaType: string | null
  /** What it is, in words for people. */
  label: string
}

const sampleBytes = 65_536

const officeLabels: Record<string, string> = {
  doc: 'an old Word document (.doc)',
  xls: 'an old Excel workbook (.xls)',
  ppt: 'an old PowerPoint presentation (.ppt)',
  msg: 'an Outlook message (.msg)',
  wps: 'a WPS document (.wps)',
}

/** The entry by which a compound file's program is known. */
const compoundKinds: readonly [entry: RegExp, extension: string][] = [
  [/^(?:Workbook|Book)$/i, 'xls'],
  [/^WordDocument$/i, 'doc'],
  [/^PowerPoint Document$/i, 'ppt'],
  [/^__properties_version1\.0$/i, 'msg'],
]

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
  zip: 'an archive',
  png: 'a picture',
  jpg: 'a picture',
  jpeg: 'a picture',
}

/** What a file's name claims it to be while its bytes are text or nothing known; null when the two agree. */
export function falseClaim({ mediaType }: DetectedType, fileName: string): string | null {
  const isTextOrUnknown = mediaType === null || mediaType.startsWith('text/') || mediaType === 'application/xml'
  return isTextOrUnknown ? (binaryFormats[extensionOf(fileName)] ?? null) : null
}

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
  const extension = extensionOf(fileName)
  const zipped = await zipMediaType(bytes)
  if (zipped !== null) return { mediaType: zipped, label: describe(zipped, extension === '' ? 'zip' : extension) }
  // A byte order mark looks like the beginning of an MP3 to the detector.
  const found = byteOrderMark(bytes) === null ? await fileTypeFromBuffer(bytes) : undefined
  if (found?.mime === 'application/x-cfb') return compoundFile(bytes, extension)
  if (found !== undefined && found.mime !== 'application/xml' && !isMistakenForBinary(found.mime)) {
    return { mediaType: found.mime, label: describe(found.mime, found.ext) }
  }
  return textType(bytes, extension)
}

/** Kinds whose two or three magic bytes also begin ordinary text. */
function isMistakenForBinary(mime: string): boolean {
  return mime.startsWith('text/') || mime === 'application/x-ms-regedit'
}

function describe(mime: string, extension: string): string {
  return mime === docxMediaType ? 'a Word document (.docx)' : `a .${extension} file (${mime})`
}

function compoundFile(bytes: Uint8Array, extension: string): DetectedType {
  const entries = compoundFileEntries(bytes)
  if (isEncrypted(bytes, entries)) {
    return { mediaType: 'application/x-encrypted-office', label: 'an office document with a password' }
  }
  const kind = compoundKinds.find(([pattern]) => entries.some((entry) => pattern.test(entry)))?.[1]
  // Without a directory the file is damaged, which its parser says best.
  const known = kind ?? (entries.length === 0 ? extension : '')
  const named = known === '' && extension !== 'xls' ? extension : known
  const label = officeLabels[named] ?? 'an old Microsoft Office file'
  return { mediaType: known === 'xls' ? spreadsheetMediaTypes.xls : 'application/x-cfb', label }
}

function isEncrypted(bytes: Uint8Array, entries: readonly string[]): boolean {
  if (entries.length > 0) return entries.includes('EncryptedPackage')
  const name = Buffer.from('EncryptedPackage', 'utf16le')
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name)
}

function textType(bytes: Uint8Array, extension: string): DetectedType {
  const sample = decodeText(bytes.subarray(0, sampleBytes)).text
  if (isBinary(sample)) return { mediaType: null, label: 'a binary file of unknown kind' }
  const opening = sample.replace(/^(?:\s|<\?xml[^>]*>|<!--[\s\S]*?-->)+/, '').slice(0, 200)
  if (/^<(?:!doctype html|html[\s>])/i.test(opening)) return { mediaType: 'text/html', label: 'a web page' }
  if (/^\s*<\?xml/.test(sample)) return { mediaType: 'application/xml', label: 'an XML file' }
  if (isMail(sample)) return { mediaType: 'message/rfc822', label: 'an e-mail message (.eml)' }
  if (/^(?:html?|xhtml)$/.test(extension) && /<[a-z][^>]*>/i.test(sample)) {
    return { mediaType: 'text/html', label: 'a web page' }
  }
  if (/^(?:csv|tsv)$/.test(extension)) return { mediaType: 'text/csv', label: 'a table (CSV)' }
  if (/^(?:md|markdown|mdx)$/.test(extension) || readsAsMarkdown(sample, extension)) {
    return { mediaType: 'text/markdown', label: 'a Markdown text' }
  }
  if (extension === '' && readsAsCsv(sample)) return { mediaType: 'text/csv', label: 'a table (CSV)' }
  return { mediaType: 'text/plain', label: 'a plain text' }
}

function isBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what gives a binary file away
  const odd = text.match(/[\u0000-\u0008\u000E-\u001A\u001C-\u001F\uFFFD]/g)?.length ?? 0
  return odd / Math.max(1, text.length) > 0.02
}

function isMail(text: string): boolean {
  const header = text.slice(0, 8192).split(/\r?\n\r?\n/)[0] ?? ''
  const names = header.match(/^(?:From|To|Subject|Date|MIME-Version|Received|Message-ID|Return-Path):/gim) ?? []
  return names.length >= 3 && /^MIME-Version:|^Received:|^Message-ID:/im.test(header)
}

/** Several # headings with a blank line before them; a configuration file's # comments stand directly above other lines. */
function readsAsMarkdown(text: string, extension: string): boolean {
  if (extension !== '' && extension !== 'txt') return false
  const lines = text.split(/\r?\n/)
  const headings = lines.filter((line) => /^#{1,6} +\S/.test(line)).length
  const apart = lines.filter((line, index) => /^#{1,6} +\S/.test(line) && (lines[index + 1] ?? '').trim() === '').length
  return headings >= 2 && apart / headings >= 0.7 && lines.some((line) => /^##+ +\S/.test(line))
}

function readsAsCsv(text: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .slice(0, 20)
    .filter((line) => line.trim() !== '')
  return [',', '\t', ';'].some((delimiter) => {
    const widths = new Set(lines.map((line) => line.split(delimiter).length))
    return lines.length >= 3 && widths.size === 1 && !widths.has(1)
  })
}
