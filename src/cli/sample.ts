import { join } from 'node:path'
import type { InkstoneService } from '../core/service.js'
import { syncFolder } from '../ingest/sync/sync.js'
import type { FileEvent } from '../ingest/sync/sync-events.js'
import { ensureKnowledgeBase } from './ensure-knowledge-base.js'

export const sampleSlug = 'sample'

/**
 * Ingests the sample documents that ship with the program into the knowledge base `sample`. A later start finds every
 * source unchanged and does nothing.
 * @param options.onFile called for each file when its outcome is known
 * @throws InkstoneError `not_found` when the documents are not there
 */
export async function ingestSample(
  service: InkstoneService,
  options: { packageRoot: string; signal: AbortSignal; onFile: (event: FileEvent) => void },
): Promise<void> {
  await ensureKnowledgeBase(service, sampleSlug, { name: 'Sample: Hengxiu pumps 衡岫流体设备' })
  const folder = join(options.packageRoot, 'data', 'sample', 'documents')
  const events = syncFolder(service, { roots: [folder], knowledgeBase: sampleSlug, signal: options.signal })
  for await (const event of events) if (event.type === 'file') options.onFile(event)
}
