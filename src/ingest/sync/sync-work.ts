import type { SourceEntry } from '../../core/catalogue.js'
import { InkstoneError } from '../../core/errors.js'
import type { Problem } from '../../core/job.js'
import type { InkstoneService } from '../../core/service.js'
import { type ForeseenStep, foresee } from './foresee.js'
import { type Gone, goneSources } from './gone.js'
import { type Plan, plan } from './plan.js'
import { type Scanned, scan } from './scan.js'
import { type StoredState, storedState } from './stored-state.js'
import type { SyncOptions } from './sync.js'
import { type FileOutcome, fileEvent, measuresOf, type PlannedEvent, type SyncEvent } from './sync-events.js'

/** What a sync has to do. */
export interface SyncWork {
  scanned: Scanned
  gone: Gone
  plan: Plan
  /** The steps of the plan, as they are to be done. */
  chains: ForeseenStep[][]
  stored: StoredState
  /** Of the unchanged ones: what was found in them is not all read yet, or is tried again. */
  unsettled: SourceEntry[]
  /** Whether a file that could not be read for this reason is tried again. */
  isWorthRetrying: (problem: Problem) => boolean
}

/** Looks at folders and knowledge base and compares them. Nothing is changed. @throws InkstoneError as `syncFolder` does */
export async function prepareSync(service: InkstoneService, options: SyncOptions): Promise<SyncWork> {
  const { roots, only, signal, retryFailed = false, passwords = [] } = options
  const sources = await listSources(service, options)
  const narrowed = only === undefined ? {} : { only }
  const scanned = await scan(roots, { ...narrowed, ...(signal === undefined ? {} : { signal }) })
  const gone = await goneSources(sources, scanned, { roots, ...narrowed })
  const isWorthRetrying = ({ code }: Problem) => retryFailed || (code === 'password_required' && passwords.length > 0)
  const planned = plan(scanned.found, sources, { missing: gone.missing, unwanted: gone.unwanted, isWorthRetrying })
  const chains = foresee(planned.steps, sources, { isWorthRetrying })
  const stored = storedState(service, options.knowledgeBase, sources)
  const isUnsettled = ({ documentId }: SourceEntry): boolean =>
    stored.membersOf(documentId).some((member) => {
      const isTriedAgain = member.error !== null && isWorthRetrying(member.error)
      return member.status === 'processing' || isTriedAgain || isUnsettled(member)
    })
  const unsettled = planned.unchanged.filter(isUnsettled)
  return { scanned, gone, plan: planned, chains, stored, unsettled, isWorthRetrying }
}

async function listSources(service: InkstoneService, { knowledgeBase, dryRun }: SyncOptions): Promise<SourceEntry[]> {
  try {
    return await service.listSources(knowledgeBase)
  } catch (error) {
    const isMissing = error instanceof InkstoneError && error.code === 'knowledge_base_not_found'
    if (dryRun === true && isMissing) return []
    throw error
  }
}

export function plannedEvent({ scanned, gone, plan }: SyncWork, dryRun: boolean): PlannedEvent {
  const { found, unreadable, ignored } = scanned
  const steps = (isMeant: (step: Plan['steps'][number]) => boolean) => plan.steps.filter(isMeant).length
  const counts = {
    found: found.length,
    new: steps(({ kind, movedFrom }) => kind === 'new' && movedFrom === null),
    changed: steps(({ kind }) => kind === 'changed'),
    moved: steps(({ movedFrom }) => movedFrom !== null),
    unchanged: plan.unchanged.length + steps(({ kind }) => kind === 'unfinished'),
    failedBefore: plan.failedBefore.length + steps(({ kind }) => kind === 'again'),
    unreadable: unreadable.length + gone.away.length,
    ignored: ignored.size,
    gone: plan.gone.length,
  }
  return { type: 'planned', dryRun, counts, sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
}

/** What there is to say of files that stay as they are, and of what was found in them unless that is to be followed. */
export async function* unchangedEvents(
  { plan, stored, unsettled, isWorthRetrying }: SyncWork,
  { dryRun }: { dryRun: boolean },
): AsyncIterable<SyncEvent> {
  const followed = new Set(dryRun ? [] : unsettled)
  async function* eventsOf(source: SourceEntry, container?: string): AsyncIterable<SyncEvent> {
    const inside = container === undefined ? {} : { container }
    const { sourceUri, documentId, error } = source
    if (error !== null && !isWorthRetrying(error)) {
      yield fileEvent(sourceUri, 'failed', { problem: error, ...inside })
      return
    }
    const document = (await stored.documents()).get(documentId)
    yield fileEvent(sourceUri, retriedOutcome(source), { ...(document ? measuresOf(document) : {}), ...inside })
    if (followed.has(source)) return
    for (const member of stored.membersOf(documentId)) yield* eventsOf(member, sourceUri)
  }
  for (const source of plan.unchanged) yield* eventsOf(source)
  for (const { source, problem } of plan.failedBefore) yield fileEvent(source.sourceUri, 'failed', { problem })
}

/** What to call what is stored already, when it is, or becomes, readable. */
export function retriedOutcome({ error, status }: SourceEntry): FileOutcome {
  if (error === null) return 'unchanged'
  return status === 'failed' ? 'added' : 'updated'
}

const containerName = /\.(zip|eml|msg)$/i

/** What handing in would come to, as far as it can be known without reading the files. */
export async function* foreseenEvents(work: SyncWork): AsyncIterable<SyncEvent> {
  const insideWord = 'what is inside becomes documents of its own: that is known when it is read'
  for (const { file, outcome, problem, movedFrom } of work.chains.flat()) {
    const isRead = outcome === 'added' || outcome === 'updated'
    yield fileEvent(file.sourceUri, outcome, {
      problem,
      ...(movedFrom !== null ? { from: movedFrom.sourceUri } : {}),
      warnings: isRead && containerName.test(file.sourceUri) ? [insideWord] : [],
    })
  }
}
