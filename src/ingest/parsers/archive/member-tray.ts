import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Member } from '../../../core/types.js'
import { cleanMemberName, uniqueNames } from './member-names.js'

export interface MemberTray {
  /**
   * Puts the bytes of a file inside a file into the scratch folder, under a name that nothing in the file decides.
   * A member whose bytes fail while they are written is left out, and the failure thrown on.
   * @param name as the file writes it; it is cleaned and made unique
   */
  add(name: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>
  readonly members: Member[]
}

/** Collects the files inside a file. */
export function memberTray({ scratchDir }: { scratchDir: string }): MemberTray {
  const members: Member[] = []
  const unique = uniqueNames()
  return {
    members,
    async add(name, content) {
      const path = join(scratchDir, `member-${members.length + 1}`)
      try {
        await write(path, content)
      } catch (thrown) {
        await rm(path, { force: true })
        throw thrown
      }
      members.push({ name: unique(cleanMemberName(name)), path })
    },
  }
}

async function write(path: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const part of content) await file.writeFile(part)
  } finally {
    await file.close()
  }
}
