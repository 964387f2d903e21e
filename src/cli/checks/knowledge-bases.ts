import type { InkstoneService } from '../../core/service.js'
import { countText } from '../render/quantity.js'
import type { Check } from './check.js'

/** Every knowledge base with its documents, and those that could not be read. */
export async function knowledgeBaseChecks(service: InkstoneService): Promise<Check[]> {
  const name = 'knowledge base'
  const knowledgeBases = await service.listKnowledgeBases()
  if (knowledgeBases.length === 0) return [{ name, status: 'ok', message: 'there is none yet' }]
  return Promise.all(
    knowledgeBases.map(async ({ id, slug, documentCount }): Promise<Check> => {
      const failed = (await service.listSources(id)).filter((source) => source.status === 'failed').length
      const message = `${slug}: ${countText(documentCount, 'document')}`
      if (failed === 0) return { name, status: 'ok', message }
      return {
        name,
        status: 'warn',
        message: `${message}, ${countText(failed, 'file')} could not be read`,
        remedy: `run "inkstone ingest <folder> --kb ${slug}" to see why, with --retry-failed to try again`,
      }
    }),
  )
}
