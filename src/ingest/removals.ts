import type { Catalogue, Removal } from '../core/catalogue.js'
import type { ChunkStores } from '../core/chunk-store.js'
import { toInkstoneError } from '../core/errors.js'
import type { Logger } from '../core/ports.js'
import type { Originals } from './originals.js'

interface RemovalParts {
  catalogue: Pick<Catalogue, 'listRemovals' | 'removalDone' | 'listKnowledgeBases'>
  stores: Pick<ChunkStores, 'open' | 'drop'>
  originals: Pick<Originals, 'release'>
}

/**
 * Carries out what was deleted from the catalogue before the program was killed: nothing that a user has deleted stays
 * in the other stores. What cannot be done now, such as for want of the model, is left for the next start.
 */
export async function finishRemovals(parts: RemovalParts, { log }: { log: Logger }): Promise<void> {
  for (const removal of await parts.catalogue.listRemovals()) {
    try {
      await carryOut(removal, parts)
    } catch (error) {
      log.warn({ ...removal, ...toInkstoneError(error).toProblem() }, 'something deleted cannot be removed yet')
    }
  }
}

async function carryOut({ kind, id, knowledgeBaseId }: Removal, parts: RemovalParts): Promise<void> {
  const { catalogue, stores, originals } = parts
  if (kind === 'file') return originals.release([id])
  if (kind === 'table') await stores.drop(id)
  else {
    const isThere = (await catalogue.listKnowledgeBases()).some((known) => known.id === knowledgeBaseId)
    // Else they went with the table.
    if (isThere) await (await stores.open(knowledgeBaseId)).deleteDocument(id)
  }
  await catalogue.removalDone(kind, [id])
}
