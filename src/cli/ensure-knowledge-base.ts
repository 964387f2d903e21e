import { InkstoneError } from '../core/errors.js'
import type { InkstoneService } from '../core/service.js'

/** Creates the knowledge base when it is not there. Another process may do so at the same time: that is as good. */
export async function ensureKnowledgeBase(
  service: InkstoneService,
  slug: string,
  { name }: { name?: string } = {},
): Promise<void> {
  try {
    await service.getKnowledgeBase(slug)
  } catch (error) {
    if (!hasCode(error, 'knowledge_base_not_found')) throw error
    await service.createKnowledgeBase({ slug, ...(name === undefined ? {} : { name }) }).catch((cause: unknown) => {
      if (!hasCode(cause, 'conflict')) throw cause
    })
  }
}

function hasCode(error: unknown, code: InkstoneError['code']): boolean {
  return error instanceof InkstoneError && error.code === code
}
