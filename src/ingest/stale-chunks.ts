import type { Catalogue } from '../core/catalogue.js'
import type { ChunkStores } from '../core/chunk-store.js'
import { toInkstoneError } from '../core/errors.js'
import { groupBy } from '../core/group-by.js'
import type { Job } from '../core/job.js'
import type { Logger } from '../core/ports.js'

export interface StaleChunks {
  /** Removes what there is now; does not reject: what cannot be removed is left for another time. */
  sweep(): Promise<void>
  /** Sweeps when many documents have been replaced since. */
  jobEnded(job: Pick<Job, 'revision'>): void
  /** Resolves when nothing is being removed any more. */
  settled(): Promise<void>
}

interface StaleChunksOptions {
  catalogue: Pick<Catalogue, 'listStaleRevisions' | 'staleRevisionsDropped'>
  stores: Pick<ChunkStores, 'open'>
  log: Pick<Logger, 'warn'>
}

/** Each sweep is a version of a table. Until then searches look past what is stale. */
const replacedPerSweep = 64

/**
 * Removes the chunks of revisions that nobody is shown, once the catalogue no longer names them. They are not removed
 * with the write that replaces them: until the catalogue has moved on, they are what the document shows, and a kill may
 * come in between.
 */
export function staleChunks({ catalogue, stores, log }: StaleChunksOptions): StaleChunks {
  let sweeping: Promise<void> | null = null
  let isAskedAgain = false
  let replaced = 0

  async function sweepOnce(): Promise<void> {
    replaced = 0
    const stale = await catalogue.listStaleRevisions()
    for (const [knowledgeBaseId, ofOne] of groupBy(stale, (each) => each.knowledgeBaseId)) {
      try {
        await (await stores.open(knowledgeBaseId)).dropRevisions(ofOne)
        await catalogue.staleRevisionsDropped(ofOne)
      } catch (thrown) {
        const error = toInkstoneError(thrown)
        // It may have been removed meanwhile.
        if (error.code !== 'knowledge_base_not_found') {
          log.warn({ knowledgeBaseId, ...error.toProblem() }, 'replaced chunks cannot be removed yet')
        }
      }
    }
  }

  async function run(): Promise<void> {
    do {
      isAskedAgain = false
      await sweepOnce().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'replaced chunks cannot be removed yet')
      })
    } while (isAskedAgain)
  }

  function sweep(): Promise<void> {
    isAskedAgain = true
    sweeping ??= run().finally(() => {
      sweeping = null
    })
    return sweeping
  }

  return {
    sweep,
    jobEnded({ revision }) {
      if (revision > 1) replaced += 1
      if (replaced >= replacedPerSweep) void sweep()
    },
    async settled() {
      await sweeping
    },
  }
}
