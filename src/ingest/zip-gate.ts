import yauzl from 'yauzl'
import { InkstoneError } from '../core/errors.js'

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
 * @throws InkstoneError `archive_bomb`, `file_corrupt`
 */
export async function checkZip(
  bytes: Uint8Array,
  { maxEntries = 2000, maxUnpackedBytes = 200 * 1024 * 1024, maxRatio = 200 }: ZipLimits = {},
): Promise<void> {
  const zip = await openZip(bytes)
  if (zip.entryCount > maxEntries) throw bomb(`it holds ${zip.entryCount} files, more than ${maxEntries}`)
  const entries = await readEntries(zip, maxEntries)
  const unpacked = sum(entries.map((entry) => entry.uncompressedSize))
  if (unpacked > maxUnpackedBytes) throw bomb(`it unpacks to ${unpacked} bytes, more than ${maxUnpackedBytes}`)
  const greedy = entries.find(
    (entry) => entry.uncompressedSize > ratioCountsFrom && entry.uncompressedSize > maxRatio * entry.compressedSize,
  )
  if (greedy !== undefined) throw bomb(`"${greedy.fileName}" unpacks to more than ${maxRatio} times its size`)
  let seen = 0
  for (const entry of entries) {
    if (entry.fileName.endsWith('/')) continue
    seen += await unpackOnce(zip, entry, maxUnpackedBytes - seen)
  }
}

async function openZip(bytes: Uint8Array): Promise<yauzl.ZipFile> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return await yauzl.fromBufferPromise(buffer, { lazyEntries: true, autoClose: false })
  } catch (cause) {
    throw corrupt(cause)
  }
}

async function readEntries(zip: yauzl.ZipFile, maxEntries: number): Promise<yauzl.Entry[]> {
  const entries: yauzl.Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      entries.push(entry)
      if (entries.length > maxEntries) break
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : ''
    // yauzl itself refuses names that lead out of the archive.
    if (/relative path|absolute path|invalid characters/.test(message)) throw bomb(message)
    throw corrupt(cause)
  }
  return entries
}

async function unpackOnce(zip: yauzl.ZipFile, entry: yauzl.Entry, allowedBytes: number): Promise<number> {
  const isXml = /\.(?:xml|rels|vml|xhtml|opf|ncx)$/i.test(entry.fileName)
  const prolog: Buffer[] = []
  let size = 0
  try {
    for await (const part of await zip.openReadStreamPromise(entry)) {
      if (!Buffer.isBuffer(part)) continue
      if (isXml && size < prologBytes) prolog.push(part)
      size += part.length
      if (size > allowedBytes) throw bomb('it unpacks to more than it says')
    }
  } catch (thrown) {
    throw thrown instanceof InkstoneError ? thrown : corrupt(thrown)
  }
  // Zero bytes go first: UTF-16 must not hide a declaration.
  if (/<!DOCTYPE|<!ENTITY/i.test(Buffer.concat(prolog).toString('latin1').replaceAll('\0', ''))) {
    throw bomb(`"${entry.fileName}" declares a DOCTYPE or entities, which no document needs`)
  }
  return size
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function bomb(reason: string): InkstoneError {
  return new InkstoneError('archive_bomb', `the archive was not opened: ${reason}`, {
    remedy: 'if the document is genuine, open it in its program and save it again, or split it',
  })
}

function corrupt(cause: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', 'the file is damaged: its archive cannot be read', {
    remedy: 'copy or download the file again, or save it again from its program',
    cause,
  })
}
