import type yauzl from 'yauzl'
import { openZip, readDirectory, refusedArchive, unpack } from '../parsers/archive/zip-entries.js'
import { detectMediaType } from './media-type.js'

export interface ZipLimits {
  maxEntries?: number
  maxUnpackedBytes?: number
  /** Unpacked over packed bytes; XML packs at 10 to 30. */
  maxRatio?: number
}

/** Below this an entry's ratio says nothing: a small sheet of equal cells packs very well. */
const ratioCountsFrom = 1024 * 1024
/** A DOCTYPE has to stand before the first element. */
const prologBytes = 65_536

/**
 * Lets an archive through to its parser only when it is harmless: the limits are checked first against the central
 * directory, then, for it can lie, by unpacking every entry in a stream. XML parts must not declare a DOCTYPE or entities.
 * Of an archive that is no document only the directory is checked: its parser counts what it unpacks, gives the files
 * names of its own, and one damaged file does not spoil the others.
 * @throws InkstoneError `archive_bomb`, `file_corrupt`
 */
export async function checkZip(
  bytes: Uint8Array,
  { maxEntries = 2000, maxUnpackedBytes = 200 * 1024 * 1024, maxRatio = 200 }: ZipLimits = {},
): Promise<void> {
  const isDocument = (await detectMediaType(bytes, '')).mediaType !== 'application/zip'
  const zip = await openZip(bytes, { areNamesRaw: !isDocument })
  const entries = await readDirectory(zip, { maxEntries })
  const unpacked = sum(entries.map((entry) => entry.uncompressedSize))
  if (unpacked > maxUnpackedBytes) {
    throw refusedArchive(`it unpacks to ${unpacked} bytes, more than ${maxUnpackedBytes}`)
  }
  const greedy = entries.find(
    (entry) => entry.uncompressedSize > ratioCountsFrom && entry.uncompressedSize > maxRatio * entry.compressedSize,
  )
  if (greedy !== undefined) throw refusedArchive(`a file inside unpacks to more than ${maxRatio} times its size`)
  if (!isDocument) return
  let seen = 0
  for (const entry of entries) {
    if (entry.fileName.endsWith('/')) continue
    seen += await unpackOnce(zip, entry, maxUnpackedBytes - seen)
  }
}

async function unpackOnce(zip: yauzl.ZipFile, entry: yauzl.Entry, allowedBytes: number): Promise<number> {
  const isXml = /\.(?:xml|rels|vml|xhtml|opf|ncx)$/i.test(entry.fileName)
  const prolog: Buffer[] = []
  let kept = 0
  const size = await unpack(zip, entry, {
    maxBytes: allowedBytes,
    onPart: (part) => {
      if (isXml && kept < prologBytes) prolog.push(part)
      kept += part.length
    },
  })
  // Zero bytes go first: UTF-16 must not hide a declaration.
  const opening = Buffer.concat(prolog).toString('latin1').replaceAll('\0', '')
  if (/<!ENTITY/i.test(opening) || (/<!DOCTYPE/i.test(opening) && !mayNameDoctype.test(entry.fileName))) {
    throw refusedArchive(`"${entry.fileName}" declares a DOCTYPE or entities, which no document needs`)
  }
  return size
}

/** Their standards ask for a DOCTYPE, and none of them is read as XML: pages go to the HTML reader, the others to none. */
const mayNameDoctype = /\.(?:xhtml|ncx)$|^META-INF\/manifest\.xml$/i

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
