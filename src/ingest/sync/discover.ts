import type { Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InkstoneError } from '../../core/errors.js'
import type { Problem } from '../../core/job.js'
import { type IgnoreReason, type IgnoreRules, ignoreRules } from './ignore.js'
import { pathsBelow } from './paths-below.js'

/** A file below a root, or a path that could not be looked at. */
export type Discovered =
  | { path: string; relativePath: string; sizeBytes: number }
  | { path: string; relativePath: string; problem: Problem }

export interface DiscoverOptions {
  signal?: AbortSignal
  /** Look at these paths only, at or below a root; the ones that are not there are passed over, and so are links. */
  only?: readonly string[]
  /** Called for each file and folder that is passed over. What a folder holds is not looked at, nor told. */
  onIgnored?: (path: string, reason: IgnoreReason) => void
}

/**
 * Finds the files below folders, sorted by name, or the files that are roots themselves. Passed over: what an ignore
 * file names (see `ignoreRules`), hidden files and other things that nobody wants, sockets, pipes and devices. Links
 * are followed after everything else; a folder or file that is reached a second time, by another link or root, is not
 * told again. What cannot be read is yielded as a problem (`file_unreadable`), and so is a name that is no valid text.
 * @param roots absolute, or relative to the working directory
 * @throws InkstoneError `not_found` when a root is not there, `cancelled`
 */
export async function* discover(
  roots: string | readonly string[],
  { signal, only, onIgnored = () => undefined }: DiscoverOptions = {},
): AsyncIterable<Discovered> {
  const walk: Walk = { seen: new Set(), links: [], below: only === undefined ? null : pathsBelow(only), onIgnored }
  const stack: Entry[] = []
  for (const root of [roots].flat().reverse()) stack.push(await rootEntry(root))
  for (;;) {
    if (signal?.aborted) throw new InkstoneError('cancelled', 'looking for files was cancelled')
    // Links come last, so that a file is known by its own path rather than by a link to it.
    const next = stack.pop() ?? walk.links.shift()
    if (next === undefined) return
    try {
      const step = next.isLink ? await follow(next, walk) : await lookAt(next, walk)
      if ('inside' in step) for (const entry of step.inside.reverse()) stack.push(entry)
      else yield step
    } catch (error) {
      if (only !== undefined && isAbsent(error)) continue
      yield unreadable(next, error)
    }
  }
}

interface Walk {
  /** Real paths of the folders entered and files found so far. */
  seen: Set<string>
  links: Entry[]
  below: ReturnType<typeof pathsBelow> | null
  onIgnored: (path: string, reason: IgnoreReason) => void
}

interface Entry {
  path: string
  /** From the root, with forward slashes; the name of a root that is a file. */
  relativePath: string
  realPath: string
  rules: IgnoreRules
  isRoot?: true
  isFolder?: boolean
  isLink?: boolean
  problem?: Problem
}

type Found = Discovered | { inside: Entry[] }

const nothing: Found = { inside: [] }

async function rootEntry(root: string): Promise<Entry> {
  try {
    const isFolder = (await stat(root)).isDirectory()
    const relativePath = isFolder ? '' : basename(root)
    return {
      path: root,
      relativePath,
      realPath: await realpath(root),
      rules: ignoreRules(root),
      isRoot: true,
      isFolder,
    }
  } catch (cause) {
    throw new InkstoneError('not_found', `there is no file or folder "${root}"`, { remedy: 'check the path', cause })
  }
}

async function lookAt(entry: Entry, walk: Walk): Promise<Found> {
  const { path, relativePath, rules, isRoot, isFolder = false } = entry
  const reason = isRoot ? null : rules.reasonFor(relativePath, { isFolder })
  if (reason !== null) {
    walk.onIgnored(path, reason)
    return nothing
  }
  if (entry.problem !== undefined) return { path, relativePath, problem: entry.problem }
  if (isFolder) return enter(entry, walk)
  const stats = isRoot ? await stat(path) : await lstat(path)
  if (stats.isSymbolicLink()) {
    if (walk.below === null) walk.links.push({ ...entry, isLink: true })
    return nothing
  }
  // Not every file system says of its entries what they are.
  if (stats.isDirectory()) return lookAt({ ...entry, isFolder: true }, walk)
  if (stats.isFile()) return isFirst(entry, walk) ? { path, relativePath, sizeBytes: stats.size } : nothing
  return special(entry, walk)
}

/** Sockets, pipes and devices would block whoever reads them. */
function special({ path, relativePath, isRoot }: Entry, { onIgnored }: Walk): Found {
  if (isRoot) return { path, relativePath, problem: problemWith(path, 'it is neither a file nor a folder') }
  onIgnored(path, 'default')
  return nothing
}

async function follow(link: Entry, walk: Walk): Promise<Found> {
  const entry = { ...link, realPath: await realpath(link.path) }
  const stats = await stat(link.path)
  if (stats.isDirectory()) return lookAt({ ...entry, isFolder: true, isLink: false }, walk)
  if (!stats.isFile()) return special(entry, walk)
  return isFirst(entry, walk) ? { path: link.path, relativePath: link.relativePath, sizeBytes: stats.size } : nothing
}

async function enter(folder: Entry, walk: Walk): Promise<Found> {
  if (!isFirst(folder, walk)) return nothing
  const only = walk.below?.namesIn(folder.path) ?? null
  if (only !== null) return { inside: only.map((name) => inFolder(folder, name, {})) }
  const entries = await readdir(folder.path, { withFileTypes: true, encoding: 'buffer' })
  return { inside: entries.map((entry) => entryIn(folder, entry)).sort(byPath) }
}

/** Names are bytes on Linux. One that is no UTF-8 cannot be told to anybody as it is, nor opened by what is told. */
function entryIn(folder: Entry, dirent: Dirent<Buffer>): Entry {
  const isFolder = dirent.isDirectory()
  const name = dirent.name.toString('utf8')
  if (Buffer.from(name, 'utf8').equals(dirent.name)) return inFolder(folder, name, { isFolder })
  const shown = shownName(dirent.name)
  const problem = problemWith(join(folder.path, shown), 'its name is not valid UTF-8', 'give it another name')
  return inFolder(folder, shown, { isFolder, problem })
}

/** The bytes as text, with `\\xNN` for each that is not ASCII: different names stay different. */
function shownName(bytes: Buffer): string {
  const characters = [...bytes].map((byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`,
  )
  return characters.join('')
}

function inFolder({ path, relativePath, realPath, rules }: Entry, name: string, more: Partial<Entry>): Entry {
  return {
    path: join(path, name),
    relativePath: relativePath === '' ? name : `${relativePath}/${name}`,
    realPath: join(realPath, name),
    rules,
    ...more,
  }
}

/** Whether it is met for the first time. */
function isFirst({ realPath }: Entry, { seen }: Walk): boolean {
  if (seen.has(realPath)) return false
  seen.add(realPath)
  return true
}

/** The same order on every machine, whatever its language. */
const byPath = (a: Entry, b: Entry) => (a.relativePath < b.relativePath ? -1 : a.relativePath > b.relativePath ? 1 : 0)

function unreadable({ path, relativePath }: Entry, error: unknown): Discovered {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return { path, relativePath, problem: problemWith(path, reason) }
}

function problemWith(path: string, reason: string, remedy = 'check that it exists and that this user may read it') {
  return { code: 'file_unreadable', message: `"${path}" cannot be read: ${reason}`, remedy }
}

/** Whether an error says that there is nothing at a path, rather than that it could not be looked at. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
