import type { ChunkStoreStats } from '../../core/chunk-store.js'
import { toInkstoneError } from '../../core/errors.js'
import type { InkstoneService } from '../../core/service.js'
import type { KnowledgeBase } from '../../core/types.js'
import { countText } from '../render/quantity.js'
import type { Check } from './check.js'

/** Every knowledge base with its documents, and those that could not be read, and how its index is. */
export async function knowledgeBaseChecks(service: InkstoneService): Promise<Check[]> {
  const knowledgeBases = await service.listKnowledgeBases()
  if (knowledgeBases.length === 0) return [{ name: 'knowledge base', status: 'ok', message: 'there is none yet' }]
  const checks = await Promise.all(
    knowledgeBases.map(async (knowledgeBase) => [
      await documentsCheck(knowledgeBase, service),
      await indexOf(knowledgeBase, service),
    ]),
  )
  return checks.flat()
}

async function documentsCheck({ id, slug, documentCount }: KnowledgeBase, service: InkstoneService): Promise<Check> {
  const name = 'knowledge base'
  const failed = (await service.listSources(id)).filter((source) => source.status === 'failed').length
  const message = `${slug}: ${countText(documentCount, 'document')}`
  if (failed === 0) return { name, status: 'ok', message }
  return {
    name,
    status: 'warn',
    message: `${message}, ${countText(failed, 'file')} could not be read`,
    remedy: `run "inkstone ingest <folder> --kb ${slug}" to see why, with --retry-failed to try again`,
  }
}

/** Without the embedding model no index is opened: that is told elsewhere, and is no fault of the index. */
async function indexOf({ id, slug }: KnowledgeBase, service: InkstoneService): Promise<Check> {
  try {
    return indexCheck(slug, await service.getIndexState(id))
  } catch (error) {
    const { code, message, remedy } = toInkstoneError(error)
    const isBroken = code === 'store_corrupt' || code === 'embedding_mismatch'
    const status = isBroken ? ('fail' as const) : ('warn' as const)
    return { name: 'index', status, message: `${slug}: ${message}`, ...(remedy === undefined ? {} : { remedy }) }
  }
}

/** How the index of a knowledge base is, and what of its vectors it finds. */
export function indexCheck(slug: string, state: ChunkStoreStats): Check {
  const name = 'index'
  const { chunks, fragments, versions, unindexedRows, vectorIndex } = state
  const outside = `${countText(Math.max(unindexedRows, vectorIndex?.unindexedRows ?? 0), 'row')} outside of it`
  const parts = `${countText(chunks, 'chunk')}, ${countText(fragments, 'fragment')}, ${countText(versions, 'version')}`
  const message = `${slug}: ${parts}, ${outside}`
  const remedy = `run "inkstone kb tune ${slug}"`
  if (vectorIndex === null) return { name, status: 'ok', message: `${message}; vectors are searched exactly` }
  const { kind, tuning } = vectorIndex
  if (tuning === null) return { name, status: 'warn', message: `${message}; ${kind}, recall never measured`, remedy }
  const recall = `recall@10 ${(tuning.recall * 100).toFixed(1)} % on ${tuning.measuredAt.slice(0, 10)}`
  const found = { name, message: `${message}; ${kind}, ${recall}` }
  return tuning.recall < tuning.target ? { ...found, status: 'warn', remedy } : { ...found, status: 'ok' }
}
