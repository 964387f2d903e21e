import { describe, expect, test } from 'vitest'
import { knowledgeBaseChecks } from '../../../src/cli/checks/knowledge-bases.js'
import type { InkstoneService } from '../../../src/core/service.js'
import { memoryService } from '../../support/memory-service.js'

async function ingest(service: InkstoneService, slug: string, sourceUri: string, text: string) {
  async function* bytes() {
    yield Buffer.from(text)
  }
  const { job } = await service.submit(slug, { sourceUri, bytes: bytes() })
  if (job === null) throw new Error('there is no job')
  for await (const _change of service.watchJob(job.id));
}

describe('knowledgeBaseChecks', () => {
  test('counts documents and warns of files that could not be read', async () => {
    const problemOf = (text: string) => (text === 'bad' ? { code: 'no_text', message: 'empty' } : null)
    const service = memoryService({ problemOf })
    await service.createKnowledgeBase({ slug: 'pumps' })
    await service.createKnowledgeBase({ slug: 'valves' })
    await ingest(service, 'pumps', '/a', 'good')
    await ingest(service, 'valves', '/b', 'bad')
    expect(await knowledgeBaseChecks(service)).toEqual([
      { name: 'knowledge base', status: 'ok', message: 'pumps: 1 document' },
      {
        name: 'knowledge base',
        status: 'warn',
        message: 'valves: 1 document, 1 file could not be read',
        remedy: expect.stringContaining('--retry-failed'),
      },
    ])
  })

  test('says that there is none', async () => {
    expect(await knowledgeBaseChecks(memoryService())).toEqual([expect.objectContaining({ status: 'ok' })])
  })
})
