import { lstat, opendir } from 'node:fs/promises'
import type { SourceEntry } from '../../core/catalogue.js'
import type { Problem } from '../../core/job.js'
import { isAbsent } from './discover.js'
import { isFile } from './plan.js'
import type { Scanned } from './scan.js'
import { isWithin } from './source-uri.js'

export interface Gone {
  /** The file is not there any more. */
  missing: SourceEntry[]
  /** The file is there, and an ignore file says that it is not wanted. */
  unwanted: SourceEntry[]
  /** Roots that look as if a drive were not mounted: nothing below them counts as gone. */
  away: { sourceUri: string; problem: Problem }[]
}

/**
 * Finds the sources below roots whose file was not found. What could not be looked at is not gone, nor is what was
 * passed over without a word of the user, such as a hidden file that was named before.
 * @param options.only of the sources, those at or below these paths, and those with the content of a found file
 */
export async function goneSources(
  sources: readonly SourceEntry[],
  { found, unreadable, ignored }: Scanned,
  { roots, only }: { roots: readonly string[]; only?: readonly string[] },
): Promise<Gone> {
  const seen = new Set(found.map(({ sourceUri }) => sourceUri))
  const contents = new Set(found.map(({ contentHash }) => contentHash))
  const isMeant = ({ sourceUri, contentHash }: SourceEntry) =>
    only === undefined || contents.has(contentHash) || only.some((path) => isWithin(sourceUri, path))
  const unseen = sources.filter((source) => isFile(source) && !seen.has(source.sourceUri) && isMeant(source))
  const gone: Gone = { missing: [], unwanted: [], away: [] }
  const takenOut = unreadable.map(({ sourceUri }) => sourceUri)
  for (const root of roots) {
    const below = unseen.filter(({ sourceUri }) => isWithin(sourceUri, root))
    if (below.length === 0 || !(await isEmptyFolder(root))) continue
    takenOut.push(root)
    gone.away.push({ sourceUri: root, problem: awayProblem(root, below.length) })
  }
  for (const source of unseen) {
    const { sourceUri } = source
    const isInRoots = roots.some((root) => isWithin(sourceUri, root))
    if (!isInRoots || takenOut.some((path) => isWithin(sourceUri, path))) continue
    if (await isMissing(sourceUri)) gone.missing.push(source)
    else if (isIgnoredByRule(sourceUri, ignored)) gone.unwanted.push(source)
  }
  return gone
}

/** Whether there is nothing at a path. A path that cannot be looked at may hold something. */
export async function isMissing(path: string): Promise<boolean> {
  return lstat(path).then(() => false, isAbsent)
}

/** A folder without a single entry: the place of a drive that is not mounted looks like this. */
export async function isEmptyFolder(path: string): Promise<boolean> {
  const folder = await opendir(path).catch(() => null)
  if (folder === null) return false
  for await (const _entry of folder) return false
  return true
}

/** What an ignore file names, itself or by a folder above. */
function isIgnoredByRule(sourceUri: string, ignored: Scanned['ignored']): boolean {
  for (let path = sourceUri; path.includes('/'); path = path.slice(0, path.lastIndexOf('/'))) {
    const reason = ignored.get(path)
    if (reason !== undefined) return reason === 'rule'
  }
  return false
}

function awayProblem(root: string, documents: number): Problem {
  return {
    code: 'file_unreadable',
    message: `"${root}" is empty, and ${documents} documents came from it: it may be a drive that is not mounted, so nothing of it counts as gone`,
    remedy: 'mount the drive; or, if the folder is meant to be empty, put an .inkstoneignore file into it',
  }
}
