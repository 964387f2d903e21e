import { basename } from 'node:path/posix'
import type { SourceEntry } from '../../core/catalogue.js'
import { groupBy } from '../../core/group-by.js'
import type { Problem } from '../../core/job.js'
import { bySourceUri } from './source-uri.js'

export interface FoundFile {
  sourceUri: string
  contentHash: string
  sizeBytes: number
  /** Named by itself, rather than found in a folder. */
  isNamed: boolean
}

/** A file that has to be handed in. */
export interface Step {
  /**
   * `new` and `changed`: its content is not stored under its name. `unfinished`: accepted before, its job has not
   * ended. `again`: it could not be read before and is to be tried anew.
   */
  kind: 'new' | 'changed' | 'unfinished' | 'again'
  file: FoundFile
  /** What is stored under its name. */
  stored: SourceEntry | null
  /** The path that the content had: it is to be removed once the content is stored under the new one. */
  movedFrom: SourceEntry | null
}

/** Each file is in one list only. */
export interface Plan {
  steps: Step[]
  /** Their content is stored under their name already. */
  unchanged: SourceEntry[]
  /** Unchanged, and could not be read before. */
  failedBefore: { source: SourceEntry; problem: Problem }[]
  /** What is gone and has not just moved. */
  gone: SourceEntry[]
}

export interface PlanOptions {
  /** Sources whose file is no longer there: each may have moved to where a new file has its content. */
  missing?: readonly SourceEntry[]
  /** Sources whose file is there and no longer wanted. */
  unwanted?: readonly SourceEntry[]
  /** Whether a file that could not be read for this reason is to be tried anew. */
  isWorthRetrying?: (problem: Problem) => boolean
}

/** Compares files with the sources of a knowledge base. What was found inside a container is no file. */
export function plan(
  found: readonly FoundFile[],
  sources: readonly SourceEntry[],
  { missing = [], unwanted = [], isWorthRetrying = () => false }: PlanOptions = {},
): Plan {
  const known = new Map(sources.filter(isFile).map((source) => [source.sourceUri, source]))
  const planned: Plan = { steps: [], unchanged: [], failedBefore: [], gone: [] }
  const step = (kind: Step['kind'], file: FoundFile, stored: SourceEntry | null) =>
    planned.steps.push({ kind, file, stored, movedFrom: null })
  for (const file of found) {
    const stored = known.get(file.sourceUri)
    if (stored === undefined) step('new', file, null)
    else if (stored.contentHash !== file.contentHash) step('changed', file, stored)
    else if (stored.status === 'processing') step('unfinished', file, stored)
    else if (stored.error === null) planned.unchanged.push(stored)
    else if (isWorthRetrying(stored.error)) step('again', file, stored)
    else planned.failedBefore.push({ source: stored, problem: stored.error })
  }
  const moved = pairMoves(planned.steps, missing)
  planned.gone = [...missing.filter((source) => !moved.has(source)), ...unwanted].sort(bySourceUri)
  return planned
}

/** Whether a source was handed in, rather than found inside another. */
export function isFile({ containerId }: SourceEntry): boolean {
  return containerId === null
}

/** Notes in the steps what moved where, a file of the same name before any other. Returns what has moved. */
function pairMoves(steps: readonly Step[], missing: readonly SourceEntry[]): Set<SourceEntry> {
  const moved = new Set<SourceEntry>()
  const content = ({ contentHash }: { contentHash: string }) => contentHash
  const nameAndContent = ({ sourceUri, contentHash }: FoundFile | SourceEntry) =>
    `${contentHash} ${basename(sourceUri)}`
  for (const keyOf of [nameAndContent, content]) {
    const origins = groupBy(
      missing.filter((source) => !moved.has(source)),
      keyOf,
    )
    for (const step of steps) {
      if (step.kind !== 'new' || step.movedFrom !== null) continue
      const origin = origins.get(keyOf(step.file))?.shift()
      if (origin === undefined) continue
      step.movedFrom = origin
      moved.add(origin)
    }
  }
  return moved
}
