import type { SourceEntry } from '../core/ports.js'

export interface FoundFile {
  sourceUri: string
  contentHash: string
  sizeBytes: number
}

export interface Plan {
  new: FoundFile[]
  changed: FoundFile[]
  /** Their content is stored under their name already, whether or not it could be read then. */
  unchanged: FoundFile[]
  /** Sources below the root whose file is gone. */
  removed: SourceEntry[]
}

export interface PlanOptions {
  /** The folder or file that was searched. Sources elsewhere are never removed. */
  root: string
  /** Paths that could not be looked at: nothing at or below them counts as gone. */
  unreadable?: readonly string[]
}

/** Compares the files found below a root with the sources of a knowledge base. */
export function plan(
  found: readonly FoundFile[],
  sources: readonly SourceEntry[],
  { root, unreadable = [] }: PlanOptions,
): Plan {
  const known = new Map(sources.map((source) => [source.sourceUri, source.contentHash]))
  const seen = new Set(found.map((file) => file.sourceUri))
  const isGone = ({ sourceUri }: SourceEntry) =>
    !seen.has(sourceUri) && isWithin(sourceUri, root) && !unreadable.some((path) => isWithin(sourceUri, path))
  return {
    new: found.filter((file) => !known.has(file.sourceUri)),
    changed: found.filter((file) => known.has(file.sourceUri) && known.get(file.sourceUri) !== file.contentHash),
    unchanged: found.filter((file) => known.get(file.sourceUri) === file.contentHash),
    removed: sources.filter(isGone),
  }
}

/** Whether a path is a folder or stands below it; `/a/bc` is not below `/a/b`. */
function isWithin(path: string, folder: string): boolean {
  const normal = (text: string) => text.replaceAll('\\', '/').replace(/\/+$/, '')
  return normal(path) === normal(folder) || normal(path).startsWith(`${normal(folder)}/`)
}
