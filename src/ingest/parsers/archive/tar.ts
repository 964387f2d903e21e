import { gunzipSync } from 'node:zlib'
import { InkstoneError } from '../../../core/errors.js'
import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { lossList } from '../losses.js'
import { type ArchiveLimits, archiveFile, archiveLimits, isArchiveJunk, linksNotFollowed } from './archive-file.js'
import { cleanMemberName } from './member-names.js'
import { memberTray } from './member-tray.js'
import { isTar, tarEntries } from './tar-entries.js'
import { refusedArchive } from './zip-entries.js'

/** Tape archives (.tar, .tar.gz, .tgz) and single files packed by gzip: each file inside is a member. */
export function tarParser({
  maxEntries = archiveLimits.maxEntries,
  maxUnpackedBytes = archiveLimits.maxUnpackedBytes,
}: Partial<ArchiveLimits> = {}): Parser {
  return {
    mediaTypes: ['application/x-tar', 'application/gzip', 'application/x-gzip'],
    parse: async (bytes, context) => {
      const unpacked = isTar(bytes) ? Buffer.from(bytes) : unzipped(bytes, maxUnpackedBytes)
      return isTar(unpacked) ? readTar(unpacked, context, maxEntries) : readSingle(unpacked, context)
    },
  }
}

async function readTar(data: Buffer, { scratchDir }: ParseContext, maxEntries: number): Promise<ParsedFile> {
  const losses = lossList()
  const tray = memberTray({ scratchDir })
  const files: { name: string; sizeBytes: number }[] = []
  let [entries, links] = [0, 0]
  for (const { name, kind, sizeBytes, bytes } of tarEntries(data)) {
    entries += 1
    if (entries > maxEntries) throw refusedArchive(`it holds more than ${maxEntries} files`)
    if (kind === 'link') links += 1
    const clean = cleanMemberName(name)
    if (kind !== 'file' || isArchiveJunk(clean) || name.endsWith('/')) continue
    files.push({ name: clean, sizeBytes })
    if (bytes === null) losses.add('member', 'the archive is cut off in the middle of the file')
    else await tray.add(name, [bytes])
  }
  const mediaType = 'application/x-tar'
  return archiveFile({ mediaType, files, members: tray.members, losses, warnings: linksNotFollowed(links) })
}

/** A single file inside a gzip file is called like it, without its last ending. */
async function readSingle(data: Buffer, { fileName, scratchDir }: ParseContext): Promise<ParsedFile> {
  const tray = memberTray({ scratchDir })
  const base = fileName.split(/[\\/]/).at(-1) ?? ''
  const name = cleanMemberName(base.replace(/\.(?:gz|gzip)$/i, ''))
  await tray.add(name, [data])
  const files = [{ name, sizeBytes: data.length }]
  return archiveFile({ mediaType: 'application/gzip', files, members: tray.members, losses: lossList() })
}

function unzipped(bytes: Uint8Array, maxUnpackedBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes })
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    if (isTooLarge) throw refusedArchive(`it unpacks to more than ${maxUnpackedBytes} bytes`)
    throw new InkstoneError('file_corrupt', 'the file is damaged: its archive cannot be read', {
      remedy: 'copy or download the file again',
      cause,
    })
  }
}
