import type yauzl from 'yauzl'
import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { type LossList, lossList } from '../losses.js'
import { type ArchiveLimits, archiveFile, archiveLimits, isArchiveJunk, linksNotFollowed } from './archive-file.js'
import { cleanMemberName } from './member-names.js'
import { type MemberTray, memberTray } from './member-tray.js'
import { openZip, readDirectory, refusedArchive, unpackStream } from './zip-entries.js'
import { entryNames } from './zip-names.js'

/**
 * ZIP archives: the list of what is inside, and each file as a member. Entries with a password, or packed in a way that
 * cannot be unpacked, are losses. The caller has let the archive through.
 */
export function zipParser({
  maxEntries = archiveLimits.maxEntries,
  maxUnpackedBytes = archiveLimits.maxUnpackedBytes,
}: Partial<ArchiveLimits> = {}): Parser {
  return {
    mediaTypes: ['application/zip'],
    parse: (bytes, context) => readZip(bytes, context, { maxEntries, maxUnpackedBytes }),
  }
}

interface NamedEntry {
  name: string
  entry: yauzl.Entry
}

async function readZip(
  bytes: Uint8Array,
  { fileName, scratchDir }: ParseContext,
  { maxEntries, maxUnpackedBytes }: ArchiveLimits,
): Promise<ParsedFile> {
  const zip = await openZip(bytes, { areNamesRaw: true })
  const directory = await readDirectory(zip, { maxEntries })
  const names = entryNames(directory)
  const named = directory.map((entry, index) => ({ entry, name: (names[index] ?? '').replaceAll('\\', '/') }))
  const regular = named.filter(({ name, entry }) => !isFolder(name, entry) && !isArchiveJunk(cleanMemberName(name)))
  const files = regular.filter(({ entry }) => !isLink(entry))
  if (files.length > 0 && files.every(({ entry }) => entry.isEncrypted())) throw locked(fileName)
  const losses = lossList()
  const tray = memberTray({ scratchDir })
  await takeMembers(zip, files, { tray, losses, maxUnpackedBytes })
  return archiveFile({
    mediaType: 'application/zip',
    files: files.map(({ name, entry }) => ({ name: cleanMemberName(name), sizeBytes: entry.uncompressedSize })),
    members: tray.members,
    losses,
    warnings: linksNotFollowed(regular.length - files.length),
  })
}

async function takeMembers(
  zip: yauzl.ZipFile,
  files: readonly NamedEntry[],
  { tray, losses, maxUnpackedBytes }: { tray: MemberTray; losses: LossList; maxUnpackedBytes: number },
): Promise<void> {
  const budget = { left: maxUnpackedBytes }
  for (const { name, entry } of files) {
    if (entry.isEncrypted()) losses.add('member', 'the file inside needs a password')
    else if (!entry.canDecodeFileData())
      losses.add('member', 'the file inside is packed in a way that cannot be unpacked')
    else {
      try {
        await tray.add(name, counted(unpackStream(zip, entry), budget))
      } catch (thrown) {
        if (!(thrown instanceof InkstoneError) || thrown.code !== 'file_corrupt') throw thrown
        losses.add('member', 'the file inside is damaged')
      }
    }
  }
}

/** The directory may lie: what comes out is counted. */
async function* counted(parts: AsyncIterable<Buffer>, budget: { left: number }): AsyncIterable<Buffer> {
  for await (const part of parts) {
    budget.left -= part.length
    if (budget.left < 0) throw refusedArchive('it unpacks to more than it says, or than may be read')
    yield part
  }
}

function isFolder(name: string, entry: yauzl.Entry): boolean {
  return name.endsWith('/') || unixKind(entry) === 0x4000
}

const isLink = (entry: yauzl.Entry) => unixKind(entry) === 0xa000

/** Archives made on Unix keep the kind of the file in the upper half of its attributes. */
function unixKind(entry: yauzl.Entry): number {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3
  return madeOnUnix ? (entry.externalFileAttributes >>> 16) & 0xf000 : 0
}

function locked(fileName: string): InkstoneError {
  return new InkstoneError('password_required', `every file inside "${fileName}" is protected by a password`, {
    remedy: 'unpack it with its password and add the files',
  })
}
