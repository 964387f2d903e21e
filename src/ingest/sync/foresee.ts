import type { SourceEntry } from '../../core/catalogue.js'
import { groupBy } from '../../core/group-by.js'
import type { Problem } from '../../core/job.js'
import type { Step } from './plan.js'
import type { FileOutcome } from './sync-events.js'

/** A step with what it will come to, as far as it can be known without reading the file. */
export interface ForeseenStep extends Step {
  outcome: FileOutcome
  /** Why its content could not be read before, with outcome `failed`. */
  problem: Problem | null
}

interface Content {
  contentHash: string
  status: SourceEntry['status']
  error: Problem | null
  sourceUris: Set<string>
  /** Sources of what was found inside. */
  members: readonly string[]
}

/**
 * Says what each step will come to, by the rules of `Catalogue.submit`, and puts the steps into an order that keeps
 * stored documents in use: what has moved and what is a copy first, what takes a content away last.
 * @param sources all of the knowledge base
 * @param isWorthRetrying as in `PlanOptions`
 * @returns chains: the steps of one touch the same contents and have to be done one after another. Chains can be done in
 *   any order and beside each other
 */
export function foresee(
  steps: readonly Step[],
  sources: readonly SourceEntry[],
  { isWorthRetrying }: { isWorthRetrying: (problem: Problem) => boolean },
): ForeseenStep[][] {
  const store = simulatedStore(sources)
  const rank = (step: Step) => {
    if (step.movedFrom !== null) return 0
    const copies = store.holds(step.file.contentHash) ? 0 : 1
    return { new: 1, again: 3, unfinished: 3, changed: 4 }[step.kind] + copies
  }
  const ordered = steps
    .map((step) => ({ step, rank: rank(step) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ step }): ForeseenStep => ({ ...step, ...foreseen(step, store, isWorthRetrying) }))
  return chained(ordered, sources)
}

function foreseen(
  { kind, file, movedFrom }: Step,
  store: ReturnType<typeof simulatedStore>,
  isWorthRetrying: (problem: Problem) => boolean,
): Pick<ForeseenStep, 'outcome' | 'problem'> {
  const { outcome, content } = store.submit(file.sourceUri, file.contentHash)
  if (movedFrom !== null) store.remove(movedFrom.sourceUri)
  const error = content.error
  if (error !== null && isReadAgain(error, isWorthRetrying)) content.error = null
  else if (error !== null) return { outcome: 'failed', problem: error }
  if (movedFrom !== null) return { outcome: 'moved', problem: null }
  if (kind === 'again' && error !== null)
    return { outcome: content.status === 'failed' ? 'added' : 'updated', problem: null }
  return { outcome, problem: null }
}

/** Handing in takes up what was cancelled by itself. */
function isReadAgain(error: Problem, isWorthRetrying: (problem: Problem) => boolean): boolean {
  return error.code === 'cancelled' || isWorthRetrying(error)
}

/** Sources and contents of a knowledge base, changed as the catalogue would change them. */
function simulatedStore(sources: readonly SourceEntry[]) {
  const documents = new Map<string, Content>()
  const byHash = new Map<string, Content>()
  const bySource = new Map<string, Content>()
  const membersOf = groupBy(sources, ({ containerId }) => containerId)
  for (const { sourceUri, documentId, contentHash, status, error } of sources) {
    const members = (membersOf.get(documentId) ?? []).map((member) => member.sourceUri)
    const content = documents.get(documentId) ?? { contentHash, status, error, sourceUris: new Set(), members }
    documents.set(documentId, content)
    link(sourceUri, content)
  }

  function link(sourceUri: string, content: Content): Content {
    byHash.set(content.contentHash, content)
    bySource.set(sourceUri, content)
    content.sourceUris.add(sourceUri)
    return content
  }
  /** A document goes with its last source, and with it what was found inside. */
  function remove(sourceUri: string): void {
    const content = bySource.get(sourceUri)
    bySource.delete(sourceUri)
    content?.sourceUris.delete(sourceUri)
    if (content?.sourceUris.size === 0) forget(content)
  }
  function forget({ contentHash, members }: Content): void {
    byHash.delete(contentHash)
    for (const member of members) remove(member)
  }

  return {
    holds: (contentHash: string) => byHash.has(contentHash),
    remove,
    submit(sourceUri: string, contentHash: string): { outcome: FileOutcome; content: Content } {
      const stored = bySource.get(sourceUri)
      if (stored?.contentHash === contentHash) return { outcome: 'unchanged', content: stored }
      const twin = byHash.get(contentHash)
      // Whether the document takes on the content or another one is made: what it held before is there no longer,
      // unless other sources have it.
      remove(sourceUri)
      if (twin !== undefined) return { outcome: 'duplicate', content: link(sourceUri, twin) }
      const made: Content = { contentHash, status: 'processing', error: null, sourceUris: new Set(), members: [] }
      return { outcome: stored === undefined ? 'added' : 'updated', content: link(sourceUri, made) }
    },
  }
}

/** Steps that touch a content in common, directly or through others, stand in one chain, in their order. */
function chained(steps: readonly ForeseenStep[], sources: readonly SourceEntry[]): ForeseenStep[][] {
  const groups = disjointSets()
  const hashOf = new Map(sources.map(({ documentId, contentHash }) => [documentId, contentHash]))
  for (const { containerId, contentHash } of sources) {
    const container = containerId === null ? undefined : hashOf.get(containerId)
    if (container !== undefined) groups.join(contentHash, container)
  }
  for (const { file, stored } of steps) groups.join(file.contentHash, stored?.contentHash ?? file.contentHash)
  return [...groupBy(steps, ({ file }) => groups.of(file.contentHash)).values()]
}

/** Union-find with path halving (Tarjan and van Leeuwen 1984). */
function disjointSets() {
  const parents = new Map<string, string>()
  function of(key: string): string {
    let at = key
    for (let parent = parents.get(at); parent !== undefined && parent !== at; parent = parents.get(at)) {
      const grandparent = parents.get(parent) ?? parent
      parents.set(at, grandparent)
      at = grandparent
    }
    return at
  }
  return { of, join: (a: string, b: string) => void parents.set(of(a), of(b)) }
}
