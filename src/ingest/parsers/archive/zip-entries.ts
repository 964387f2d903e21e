import yauzl from 'yauzl'
import { InkstoneError } from '../../../core/errors.js'

/** The files inside an archive, read one at a time. */
export interface ZipEntries {
  /** As the archive writes them, without folders. */
  readonly names: readonly string[]
  /**
   * The unpacked bytes of a file, or null where there is none of that name. Case does not count where no name fits
   * exactly: office programs do not mind it either.
   * @throws InkstoneError `archive_bomb` above `maxBytes`, `file_corrupt`
   */
  read(name: string): Promise<Uint8Array | null>
}

/**
 * Opens an archive to read single files from it. Against a hostile archive as a whole stands `checkZip`.
 * @param maxEntries an archive with more files is refused
 * @param maxBytes a file that unpacks to more is refused
 * @throws InkstoneError `file_corrupt`, `archive_bomb`
 */
export async function openZipEntries(
  bytes: Uint8Array,
  { maxEntries = 2000, maxBytes = 100 * 1024 * 1024 }: { maxEntries?: number; maxBytes?: number } = {},
): Promise<ZipEntries> {
  const zip = await openZip(bytes)
  const files = (await readDirectory(zip, { maxEntries })).filter((entry) => !entry.fileName.endsWith('/'))
  const byName = new Map(files.map((entry) => [entry.fileName, entry]))
  const byFoldedName = new Map(files.map((entry) => [entry.fileName.toLowerCase(), entry]))
  return {
    names: [...byName.keys()],
    async read(name) {
      const entry = byName.get(name) ?? byFoldedName.get(name.toLowerCase())
      if (entry === undefined) return null
      const parts: Buffer[] = []
      await unpack(zip, entry, { maxBytes, onPart: (part) => parts.push(part) })
      return new Uint8Array(Buffer.concat(parts))
    },
  }
}

/**
 * @param areNamesRaw leaves names as bytes (`fileNameRaw`), whatever they are: for archives whose names nobody opens
 * @throws InkstoneError `file_corrupt`
 */
export async function openZip(bytes: Uint8Array, { areNamesRaw = false } = {}): Promise<yauzl.ZipFile> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return await yauzl.fromBufferPromise(buffer, { lazyEntries: true, autoClose: false, decodeStrings: !areNamesRaw })
  } catch (cause) {
    throw damagedArchive(cause)
  }
}

/**
 * The central directory of an archive.
 * @throws InkstoneError `archive_bomb` with more entries, or with names that lead out of the archive; `file_corrupt`
 */
export async function readDirectory(
  zip: yauzl.ZipFile,
  { maxEntries }: { maxEntries: number },
): Promise<yauzl.Entry[]> {
  if (zip.entryCount > maxEntries) throw refusedArchive(`it holds ${zip.entryCount} files, more than ${maxEntries}`)
  const entries: yauzl.Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      entries.push(entry)
      if (entries.length > maxEntries) break
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : ''
    // yauzl itself refuses names that lead out of the archive.
    if (/relative path|absolute path|invalid characters/.test(message)) throw refusedArchive(message)
    throw damagedArchive(cause)
  }
  return entries
}

/**
 * Unpacks one entry in a stream.
 * @returns its size in bytes
 * @throws InkstoneError `archive_bomb` above `maxBytes`, `file_corrupt`
 */
export async function unpack(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  { maxBytes, onPart }: { maxBytes: number; onPart: (part: Buffer) => void },
): Promise<number> {
  let size = 0
  for await (const part of unpackStream(zip, entry)) {
    size += part.length
    if (size > maxBytes) throw refusedArchive('it unpacks to more than it says, or than may be read')
    onPart(part)
  }
  return size
}

/**
 * The unpacked bytes of one entry, part by part.
 * @throws InkstoneError `file_corrupt`
 */
export async function* unpackStream(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const parts = (await nextOrDamaged(() => zip.openReadStreamPromise(entry)))[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await nextOrDamaged(() => parts.next())
      if (next.done) return
      if (Buffer.isBuffer(next.value)) yield next.value
    }
  } finally {
    await parts.return?.()
  }
}

async function nextOrDamaged<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (thrown) {
    throw damagedArchive(thrown)
  }
}

export function refusedArchive(reason: string): InkstoneError {
  return new InkstoneError('archive_bomb', `the archive was not opened: ${reason}`, {
    remedy: 'if the document is genuine, open it in its program and save it again, or split it',
  })
}

function damagedArchive(cause: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', 'the file is damaged: its archive cannot be read', {
    remedy: 'copy or download the file again, or save it again from its program',
    cause,
  })
}
