import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { InkstoneError } from '../core/errors.js'
import type { Problem } from '../core/types.js'

/** A file below a root, or a path that could not be looked at. */
export type Discovered =
  | { path: string; relativePath: string; sizeBytes: number }
  | { path: string; relativePath: string; problem: Problem }

/**
 * Finds the files below a folder, sorted by name, or the one file that `root` is. Hidden files and folders and
 * `node_modules` are left out; links are followed, each folder is entered once. What cannot be read is yielded as a
 * problem (`file_unreadable`).
 * @param root absolute, or relative to the working directory
 * @throws InkstoneError `not_found` when the root is not there, `cancelled`
 */
export async function* discover(root: string, { signal }: { signal?: AbortSignal } = {}): AsyncIterable<Discovered> {
  const stats = await stat(root).catch((cause: unknown) => {
    throw new InkstoneError('not_found', `there is no file or folder "${root}"`, { remedy: 'check the path', cause })
  })
  if (!stats.isDirectory()) {
    yield { path: root, relativePath: basename(root), sizeBytes: stats.size }
    return
  }
  yield* walk(root, { root, entered: new Set(), ...(signal === undefined ? {} : { signal }) })
}

interface Walk {
  root: string
  /** Real paths of the folders entered so far. */
  entered: Set<string>
  signal?: AbortSignal
}

async function* walk(folder: string, walking: Walk): AsyncIterable<Discovered> {
  const { root, entered, signal } = walking
  const relativePath = (path: string) => relative(root, path).split(sep).join('/')
  try {
    const real = await realpath(folder)
    if (entered.has(real)) return
    entered.add(real)
  } catch (error) {
    yield { path: folder, relativePath: relativePath(folder), problem: unreadable(folder, error) }
    return
  }
  const names = await readdir(folder).catch((error: unknown) => unreadable(folder, error))
  if (!Array.isArray(names)) {
    yield { path: folder, relativePath: relativePath(folder), problem: names }
    return
  }
  for (const name of names.filter(isVisible).sort(byCodeUnits)) {
    if (signal?.aborted) throw new InkstoneError('cancelled', 'looking for files was cancelled')
    const path = join(folder, name)
    const stats = await stat(path).catch((error: unknown) => unreadable(path, error))
    if ('code' in stats) yield { path, relativePath: relativePath(path), problem: stats }
    else if (stats.isDirectory()) yield* walk(path, walking)
    // Sockets, pipes and devices would block whoever reads them.
    else if (stats.isFile()) yield { path, relativePath: relativePath(path), sizeBytes: stats.size }
  }
}

const isVisible = (name: string) => !name.startsWith('.') && name !== 'node_modules'

/** The same order on every machine, whatever its language. */
const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function unreadable(path: string, error: unknown): Problem {
  const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return {
    code: 'file_unreadable',
    message: `"${path}" cannot be read${reason}`,
    remedy: 'check that it exists and that this user may read it',
  }
}
