import { readFile } from 'node:fs/promises'
import { InkstoneError, toInkstoneError } from '../../core/errors.js'
import type { ParseContext } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { openZip } from '../parsers/archive/zip-entries.js'
import { parserFor, supportedFormats } from '../parsers/registry.js'
import { detectMediaType, falseClaim } from './media-type.js'
import { withinBounds } from './parse-bounds.js'
import { checkZip } from './zip-gate.js'
import { isZip } from './zip-media-type.js'

/**
 * Reads a file in this process: for the parsing child, and for tests.
 * @param maxCharacters more text than this is refused
 * @throws InkstoneError `file_unreadable`, `file_empty`, `file_corrupt`, `unsupported_format`, `no_text`, `parse_failed` and the parsers' own
 */
export async function parseFile(
  path: string,
  { maxCharacters = 50_000_000, ...context }: ParseContext & { maxCharacters?: number },
): Promise<ParsedFile> {
  const { fileName } = context
  const bytes = await readBytes(path, fileName)
  if (bytes.length === 0) {
    throw new InkstoneError('file_empty', `"${fileName}" is empty`, { remedy: 'check that the file was saved in full' })
  }
  const detected = await detectMediaType(bytes, fileName)
  const { mediaType, label } = detected
  const claim = falseClaim(detected, fileName)
  if (claim !== null) {
    throw new InkstoneError('file_corrupt', `"${fileName}" is called ${claim}, but its bytes are ${label}`, {
      remedy: 'get the file again; if it is what it should be, give it a name that fits, such as one ending in .txt',
    })
  }
  if (mediaType === 'application/x-encrypted-office') {
    throw new InkstoneError('password_required', `"${fileName}" is ${label}`, {
      remedy: 'open it, remove the password, save it and add it again',
    })
  }
  const parser = mediaType === null ? null : parserFor(mediaType)
  // A damaged archive does not say what it holds.
  if (parser === null && isZip(bytes)) await openZip(bytes)
  if (parser === null) {
    throw new InkstoneError('unsupported_format', `"${fileName}" is ${label}, which cannot be read`, {
      remedy: `save it as one of the supported formats: ${supportedFormats}`,
    })
  }
  if (isZip(bytes)) await checkZip(bytes)
  const parsed = await parseBytes(() => parser.parse(bytes, context))
  return withinBounds(checkedText(parsed, { fileName, maxCharacters }), { fileName })
}

async function readBytes(path: string, fileName: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new InkstoneError('file_unreadable', `"${fileName}" cannot be opened`, {
      remedy: 'check that the file exists and that this user may read it',
      cause,
    })
  }
}

async function parseBytes(parse: () => Promise<ParsedFile>): Promise<ParsedFile> {
  try {
    return await parse()
  } catch (thrown) {
    throw asParseError(thrown)
  }
}

/** What a parser has thrown, as an error for people: `parse_failed` unless it is known better. */
export function asParseError(thrown: unknown): InkstoneError {
  const message = thrown instanceof RangeError ? thrown.message : ''
  if (/allocation failed|Invalid (?:string|array) length/i.test(message)) {
    return new InkstoneError('parse_memory', 'the file needs more memory than it may use', { cause: thrown })
  }
  if (/call stack/i.test(message)) {
    return new InkstoneError('parse_failed', 'what the file holds is nested too deeply to be read', {
      remedy: 'save it again from its program, or save it in another format',
      cause: thrown,
    })
  }
  return toInkstoneError(thrown, 'parse_failed')
}

function checkedText(
  parsed: ParsedFile,
  { fileName, maxCharacters }: { fileName: string; maxCharacters: number },
): ParsedFile {
  const characters = parsed.blocks.reduce((total, block) => total + block.text.length, 0)
  if (characters > maxCharacters) {
    throw new InkstoneError(
      'parse_failed',
      `"${fileName}" holds ${characters} characters, more than ${maxCharacters}`,
      {
        remedy: 'split it into several files',
      },
    )
  }
  const isEmpty = !parsed.blocks.some((block) => block.text.trim() !== '')
  if (isEmpty && parsed.pictures.length === 0 && parsed.members.length === 0) {
    throw new InkstoneError('no_text', `"${fileName}" holds no text, no picture of text and no other file`, {
      remedy: 'check that it was saved in full and is the file that was meant',
    })
  }
  return parsed
}
