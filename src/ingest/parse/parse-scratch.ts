import { lstat, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { InkstoneError } from '../../core/errors.js'
import type { ParsedFile } from '../../core/types.js'

/** All that a file may put aside. */
const maxScratchBytes = 1024 * 1024 * 1024
const checkedAtATime = 16

/**
 * What a parsing process says it put aside is only believed when it is there: regular files inside the scratch folder,
 * reached through no link. A parser that a hostile file has taken over must not make this process read other files.
 * @throws InkstoneError `parse_failed`
 */
export async function checkScratch(
  { pictures, members }: Pick<ParsedFile, 'pictures' | 'members'>,
  { scratchDir, fileName, maxBytes = maxScratchBytes }: { scratchDir: string; fileName: string; maxBytes?: number },
): Promise<void> {
  if (members.some(({ name }) => !isSafeName(name))) throw refused(fileName, 'a file inside has an unsafe name')
  const paths = new Set(members.map(({ path }) => path))
  for (const { source } of pictures) if (source.kind === 'file') paths.add(source.path)
  if (paths.size === 0) return
  const folder = `${await realpath(scratchDir)}${sep}`
  const all = [...paths]
  let bytes = 0
  for (let at = 0; at < all.length; at += checkedAtATime) {
    const sizes = await Promise.all(all.slice(at, at + checkedAtATime).map((path) => sizeInside(path, folder)))
    for (const size of sizes) {
      if (size === null) throw refused(fileName, 'it names a file that it did not make')
      bytes += size
    }
  }
  if (bytes > maxBytes) throw refused(fileName, `the files inside have more than ${maxBytes} bytes`)
}

/** The size of a regular file in the folder; null for everything else. */
async function sizeInside(path: string, folder: string): Promise<number | null> {
  try {
    const stats = await lstat(path)
    return stats.isFile() && (await realpath(path)).startsWith(folder) ? stats.size : null
  } catch {
    return null
  }
}

/** A relative path with forward slashes that stays where it is put. */
function isSafeName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not get into a name
  if (name === '' || name.length > 4096 || name.startsWith('/') || /[\\\u0000-\u001f]/.test(name)) return false
  return !name.split('/').includes('..')
}

function refused(fileName: string, reason: string): InkstoneError {
  return new InkstoneError('parse_failed', `"${fileName}" was not taken: ${reason}`, {
    remedy: 'save the file again in its program and add it again',
  })
}
