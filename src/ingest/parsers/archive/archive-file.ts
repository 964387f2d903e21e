import type { Member, ParsedFile } from '../../../core/types.js'
import { blockList } from '../block-list.js'
import type { LossList } from '../losses.js'
import { fileSize } from './file-size.js'

export interface ArchiveLimits {
  maxEntries: number
  maxUnpackedBytes: number
}

export const archiveLimits: ArchiveLimits = { maxEntries: 2000, maxUnpackedBytes: 200 * 1024 * 1024 }

/** What an archive is found by: its table of contents. */
export interface ArchiveContents {
  mediaType: string
  /** Names as they are shown, cleaned; sizes in bytes. Also what could not be unpacked. */
  files: readonly { name: string; sizeBytes: number }[]
  members: Member[]
  losses: LossList
  warnings?: string[]
}

export function archiveFile({ mediaType, files, members, losses, warnings = [] }: ArchiveContents): ParsedFile {
  const list = blockList()
  const lines = files.map(({ name, sizeBytes }) => `- ${name} (${fileSize(sizeBytes)})`)
  if (lines.length > 0) list.add('list', lines.join('\n'))
  return {
    title: null,
    mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: [],
    members,
    losses: losses.losses,
    warnings,
    metadata: { files: files.length },
  }
}

/** What operating systems leave in archives and no person put there. */
export function isArchiveJunk(name: string): boolean {
  const parts = name.split('/')
  const last = parts.at(-1) ?? ''
  return parts[0] === '__MACOSX' || /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i.test(last)
}

export function linksNotFollowed(count: number): string[] {
  return count === 0
    ? []
    : [`${count} ${count === 1 ? 'link' : 'links'} inside the archive ${count === 1 ? 'was' : 'were'} not followed`]
}
