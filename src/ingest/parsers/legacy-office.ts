import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InkstoneError } from '../../core/errors.js'
import type { ParseContext, Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { isCompoundFile, openCompoundFile } from '../parse/compound-file.js'
import { convertWithSoffice } from './soffice.js'

interface LegacyFormat {
  mediaType: string
  /** In words for people. */
  label: string
  /** The ending under which LibreOffice gets it. */
  extension: string
  becomes: 'docx' | 'pptx'
}

const formats: readonly LegacyFormat[] = [
  { mediaType: 'application/msword', label: 'an old Word document (.doc)', extension: 'doc', becomes: 'docx' },
  {
    mediaType: 'application/vnd.ms-powerpoint',
    label: 'an old PowerPoint presentation (.ppt)',
    extension: 'ppt',
    becomes: 'pptx',
  },
  { mediaType: 'application/vnd.ms-works', label: 'a Works document (.wps)', extension: 'wps', becomes: 'docx' },
  { mediaType: 'application/vnd.wordperfect', label: 'a WordPerfect document', extension: 'wpd', becomes: 'docx' },
  { mediaType: 'application/vnd.sun.xml.writer', label: 'an old OpenOffice text', extension: 'sxw', becomes: 'docx' },
  {
    mediaType: 'application/vnd.sun.xml.impress',
    label: 'an old OpenOffice presentation',
    extension: 'sxi',
    becomes: 'pptx',
  },
]

/**
 * Office formats of old, by way of LibreOffice. The parsers of what they are converted to are handed in. Their `parse`
 * throws `unsupported_format` without LibreOffice, `password_required`, `file_corrupt` and what those parsers throw.
 */
export function legacyOfficeParsers(parsers: Readonly<Record<LegacyFormat['becomes'], Parser>>): Parser[] {
  return formats.map((format) => ({
    mediaTypes: [format.mediaType],
    parse: (bytes, context) => readLegacy(bytes, { format, parser: parsers[format.becomes], context }),
  }))
}

interface LegacyFile {
  format: LegacyFormat
  parser: Parser
  context: ParseContext
}

async function readLegacy(bytes: Uint8Array, { format, parser, context }: LegacyFile): Promise<ParsedFile> {
  const { fileName, scratchDir, soffice } = context
  checkReadable(bytes, { fileName, label: format.label })
  if (soffice === null) throw notInstalled(format, fileName)
  const input = join(scratchDir, `document.${format.extension}`)
  await writeFile(input, bytes)
  const output = await convertWithSoffice({ soffice, input, format: format.becomes, scratchDir })
  const converted = await readFile(output)
  await rm(input, { force: true })
  const parsed = await parser.parse(converted, context)
  return { ...parsed, mediaType: format.mediaType }
}

/** LibreOffice would say nothing of why it makes no file. */
function checkReadable(bytes: Uint8Array, { fileName, label }: { fileName: string; label: string }): void {
  if (!isCompoundFile(bytes)) return
  const root = openCompoundFile(bytes)
  if (root === null || root.children.length === 0) {
    throw new InkstoneError('file_corrupt', `"${fileName}" is damaged: ${label} without its directory`, {
      remedy: 'get the file again, or open it in its program and save it again',
    })
  }
  const stream = (name: string) => root.children.find((entry) => entry.name === name)?.read() ?? null
  if (isLockedWord(stream('WordDocument')) || isLockedSlides(stream('Current User'))) {
    throw new InkstoneError('password_required', `"${fileName}" is ${label} with a password`, {
      remedy: 'open it, remove the password, save it and add it again',
    })
  }
}

/** The ninth bit of the flags of a Word document. Source: [MS-DOC] FibBase. */
function isLockedWord(stream: Buffer | null): boolean {
  return stream !== null && stream.length >= 12 && (stream.readUInt16LE(10) & 0x0100) !== 0
}

/** The mark of an encrypted presentation. Source: [MS-PPT] CurrentUserAtom. */
function isLockedSlides(stream: Buffer | null): boolean {
  return stream !== null && stream.length >= 16 && stream.readUInt32LE(12) === 0xf3d1c4df
}

function notInstalled({ label, becomes }: LegacyFormat, fileName: string): InkstoneError {
  return new InkstoneError('unsupported_format', `"${fileName}" is ${label}, which is read through LibreOffice`, {
    remedy: `install LibreOffice (soffice), or save it as .${becomes}`,
  })
}
