import iconv from 'iconv-lite'
import type { CompoundEntry } from '../../parse/compound-file.js'

/** The properties of a message, a recipient or an attachment inside an Outlook file. Source: [MS-OXMSG], [MS-OXPROPS]. */
export interface MsgProperties {
  /** A text, decoded; '' where there is none. */
  text(tag: number): string
  /** Bytes, or null. */
  binary(tag: number): Buffer | null
  integer(tag: number): number | null
  /** A time as ISO 8601, or ''. */
  time(tag: number): string
  /** A folder inside, such as an attached message. */
  folder(tag: number): CompoundEntry | null
}

const types = { integer: 0x0003, time: 0x0040, text8: 0x001e, text16: 0x001f, folder: 0x000d, binary: 0x0102 }
const codePageTags = [0x3ffd, 0x3fde]
const recordBytes = 16

/**
 * @param headerBytes of the stream of fixed properties: 32 in a file, 24 in a message inside it, 8 elsewhere
 * @param codePage of texts that are not Unicode, where the properties do not say
 */
export function msgProperties(
  { children }: CompoundEntry,
  { headerBytes, codePage = 1252 }: { headerBytes: number; codePage?: number },
): MsgProperties & { codePage: number } {
  const byName = new Map(children.map((entry) => [entry.name.toLowerCase(), entry]))
  const fixed = fixedProperties(byName.get('__properties_version1.0')?.read() ?? Buffer.alloc(0), headerBytes)
  const stream = (tag: number, type: number) => byName.get(`__substg1.0_${hex(tag)}${hex(type)}`)
  const integer = (tag: number) => fixed.get(tag)?.readInt32LE(8) ?? null
  const ownCodePage = codePageTags.map(integer).find((value) => value !== null && value > 0) ?? codePage
  return {
    codePage: ownCodePage,
    integer,
    text(tag) {
      const wide = stream(tag, types.text16)?.read()
      if (wide) return wide.toString('utf16le').replace(/\0+$/, '')
      const narrow = stream(tag, types.text8)?.read()
      return narrow ? decodeCodePage(narrow, ownCodePage).replace(/\0+$/, '') : ''
    },
    binary: (tag) => stream(tag, types.binary)?.read() ?? null,
    time(tag) {
      const value = fixed.get(tag)?.readBigUInt64LE(8) ?? 0n
      const date = new Date(Number(value / 10_000n) - epochMs)
      return value === 0n || Number.isNaN(date.getTime()) ? '' : date.toISOString()
    },
    folder: (tag) => stream(tag, types.folder) ?? null,
  }
}

/** From 1601, where Windows begins to count, to 1970. */
const epochMs = 11_644_473_600_000

/** Records of 16 bytes: type, tag, flags, value. */
function fixedProperties(stream: Buffer, headerBytes: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>()
  for (let at = headerBytes; at + recordBytes <= stream.length; at += recordBytes) {
    found.set(stream.readUInt16LE(at + 2), stream.subarray(at, at + recordBytes))
  }
  return found
}

const hex = (value: number) => value.toString(16).padStart(4, '0')

/** Text in a Windows code page, such as 936 for simplified Chinese. */
export function decodeCodePage(bytes: Buffer, codePage: number): string {
  const name = codePage === 65001 ? 'utf-8' : codePage === 20127 ? 'windows-1252' : `cp${codePage}`
  return iconv.decode(bytes, iconv.encodingExists(name) ? name : 'windows-1252')
}
