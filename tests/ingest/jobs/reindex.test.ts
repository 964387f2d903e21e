import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { reindexing } from '../../../src/ingest/jobs/reindex.js'
import { memoryService } from '../../support/memory-service.js'

/** A knowledge base of two documents, one with a job that runs; `drop` ends when the test lets it. */
async function make() {
  const calls: string[] = []
  let proceed: (error?: Error) => void = () => undefined
  const gate = new Promise<void>((resolve, reject) => {
    proceed = (error) => (error === undefined ? resolve() : reject(error))
  })
  const service = memoryService()
  const { id } = await service.createKnowledgeBase({ slug: 'pumps' })
  for (const sourceUri of ['1', '2'])
    await service.submit(id, { sourceUri, bytes: Readable.from([Buffer.from(sourceUri)]) })
  const parts = {
    catalogue: {
      listJobs: async () => ({ items: (await service.listJobs()).items.slice(0, 1), nextCursor: null }),
      listDocuments: () => service.listDocuments(id),
      resubmit: async (documentId: string) => {
        const job = await service.retry(documentId)
        calls.push(`resubmit ${job.sourceUri}`)
        return job
      },
    },
    stores: {
      drop: (dropped: string) => {
        calls.push(`drop ${dropped}`)
        return gate
      },
    },
    runner: {
      cancel: async () => {
        calls.push('cancel')
        throw new Error('it has ended')
      },
      wake: () => void calls.push('wake'),
    },
  }
  return { parts, calls, proceed, ...reindexing() }
}

const never = new AbortController().signal

describe('reindexing', () => {
  test('stops what runs, queues every document, drops the table and wakes the queue, in this order', async () => {
    const { start, parts, calls, proceed } = await make()
    proceed()
    expect(await start('kb_1', parts)).toBe(2)
    expect(calls).toEqual(['cancel', 'resubmit 1', 'resubmit 2', 'drop kb_1', 'wake'])
  })

  test('lets jobs of the knowledge base wait until the table is gone, and no others', async () => {
    const { start, settled, parts, calls, proceed } = await make()
    const started = start('kb_1', parts)
    const waiting = settled('kb_1', never).then(() => calls.push('job'))
    await settled('kb_2', never)
    await expect.poll(() => calls.at(-1)).toBe('drop kb_1')
    proceed()
    await Promise.all([started, waiting])
    expect(calls.indexOf('job')).toBeGreaterThan(calls.indexOf('drop kb_1'))
    await settled('kb_1', never)
  })

  test('lets a job that waits be cancelled', async () => {
    const { start, settled, parts, proceed } = await make()
    const started = start('kb_1', parts)
    const stop = new AbortController()
    const waiting = settled('kb_1', stop.signal)
    stop.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
    proceed()
    await started
  })

  test('lets jobs go on when the table cannot be dropped', async () => {
    const { start, settled, parts, calls, proceed } = await make()
    const started = expect(start('kb_1', parts)).rejects.toThrow('disk')
    const waiting = settled('kb_1', never)
    await expect(start('kb_1', parts)).rejects.toMatchObject({ code: 'conflict' })
    proceed(new Error('disk'))
    await Promise.all([started, waiting])
    expect(calls.at(-1)).toBe('wake')
  })
})
