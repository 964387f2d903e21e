import { describe, expect, test } from 'vitest'
import { indexCheck, knowledgeBaseChecks } from '../../../src/cli/checks/knowledge-bases.js'
import { InkstoneError } from '../../../src/core/errors.js'
import type { InkstoneService } from '../../../src/core/service.js'
import { memoryService } from '../../support/memory-service.js'
import { emptyIndex } from '../../support/records.js'

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
    const checks = await knowledgeBaseChecks(service)
    expect(checks.filter(({ name }) => name === 'index')).toHaveLength(2)
    expect(checks.filter(({ name }) => name !== 'index')).toEqual([
      { name: 'knowledge base', status: 'ok', message: 'pumps: 1 document' },
      {
        name: 'knowledge base',
        status: 'warn',
        message: 'valves: 1 document, 1 file could not be read',
        remedy: expect.stringContaining('--retry-failed'),
      },
    ])
  })

  test('tells an index that is broken from one that cannot be looked at', async () => {
    const service = memoryService()
    await service.createKnowledgeBase({ slug: 'pumps' })
    const failing = (code: 'store_corrupt' | 'model_missing') => ({
      ...service,
      getIndexState: () => Promise.reject(new InkstoneError(code, 'no', { remedy: 'mend it' })),
    })
    expect((await knowledgeBaseChecks(failing('store_corrupt')))[1]).toEqual({
      name: 'index',
      status: 'fail',
      message: 'pumps: no',
      remedy: 'mend it',
    })
    expect((await knowledgeBaseChecks(failing('model_missing')))[1]).toMatchObject({ status: 'warn' })
  })

  test('says that there is none', async () => {
    expect(await knowledgeBaseChecks(memoryService())).toEqual([expect.objectContaining({ status: 'ok' })])
  })
})

describe('indexCheck', () => {
  const vectorIndex = { kind: 'IVF_RQ', unindexedRows: 40, trainedRows: 60_000, tuning: null }
  const tuning = {
    ...{ partitions: 20, candidates: 200, recall: 0.985, target: 0.98, queries: 200 },
    ...{ measuredWith: 'own vectors' as const, measuredAt: '2026-01-05T08:00:00.000Z' },
  }

  test('shows what a table is made of', () => {
    expect(indexCheck('law', { ...emptyIndex, unindexedRows: 3 })).toEqual({
      name: 'index',
      status: 'ok',
      message: 'law: 2 chunks, 1 fragment, 4 versions, 3 rows outside of it; vectors are searched exactly',
    })
  })

  test('warns of a vector index that was never measured, or that finds too little', () => {
    const never = indexCheck('law', { ...emptyIndex, vectorIndex })
    expect(never).toMatchObject({ status: 'warn', remedy: 'run "inkstone kb tune law"' })
    expect(never.message).toContain('40 rows outside of it; IVF_RQ, recall never measured')
    const good = indexCheck('law', { ...emptyIndex, vectorIndex: { ...vectorIndex, tuning } })
    expect(good).toMatchObject({ status: 'ok', message: expect.stringContaining('recall@10 98.5 % on 2026-01-05') })
    const poor = { ...vectorIndex, tuning: { ...tuning, recall: 0.9 } }
    expect(indexCheck('law', { ...emptyIndex, vectorIndex: poor })).toMatchObject({ status: 'warn' })
  })
})
