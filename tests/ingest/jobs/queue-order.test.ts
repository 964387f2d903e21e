import { describe, expect, test } from 'vitest'
import type { Job } from '../../../src/core/job.js'
import { queueOrder } from '../../../src/ingest/jobs/queue-order.js'

function queued(id: string, given: Partial<Job> = {}): Job {
  return {
    id,
    knowledgeBaseId: 'kb_1',
    documentId: `doc_${id}`,
    revision: 1,
    contentHash: '0'.repeat(64),
    sourceUri: id,
    status: 'queued',
    stage: 'queued',
    priority: 'interactive',
    progress: 0,
    pages: null,
    etaSeconds: null,
    notBefore: null,
    documents: { total: 1, done: 0, failed: 0 },
    warnings: [],
    error: null,
    attempts: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...given,
  }
}

/** A catalogue that lists these jobs, newest first, two on a page. */
function listing(jobs: readonly Job[]) {
  const state = { jobs, pages: 0 }
  const newestFirst = () => [...state.jobs].reverse()
  return {
    state,
    async listJobs({ cursor }: { cursor?: string }) {
      state.pages += 1
      const from = Number(cursor ?? 0)
      const next = from + 2 < state.jobs.length ? String(from + 2) : null
      return { items: newestFirst().slice(from, from + 2), nextCursor: next }
    },
  }
}

describe('queueOrder', () => {
  test('follows the order in which jobs are given out', async () => {
    const { jobsBefore } = queueOrder(
      listing([
        queued('sync', { priority: 'background' }),
        queued('interrupted', { attempts: 1 }),
        queued('first'),
        queued('sync again', { priority: 'background', attempts: 2 }),
        queued('second'),
        queued('sync too', { priority: 'background' }),
      ]),
    )
    const ids = ['first', 'second', 'interrupted', 'sync', 'sync too', 'sync again']
    expect(await Promise.all(ids.map(jobsBefore))).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('leaves out what waits for its time, and knows nothing of other jobs', async () => {
    const now = () => Date.parse('2026-01-01T12:00:00.000Z')
    const later = queued('later', { notBefore: '2026-01-01T12:00:00.001Z' })
    const due = queued('due', { notBefore: '2026-01-01T12:00:00.000Z' })
    const { jobsBefore } = queueOrder(listing([later, due, queued('last')]), { now })
    expect(await Promise.all(['later', 'due', 'last', 'running'].map(jobsBefore))).toEqual([null, 0, 1, null])
  })

  test('reads the queue anew only when what it read is old', async () => {
    let time = 0
    const catalogue = listing([queued('a'), queued('b'), queued('c')])
    const { jobsBefore } = queueOrder(catalogue, { maxAgeMs: 100, now: () => time })
    expect(await Promise.all([jobsBefore('b'), jobsBefore('c')])).toEqual([1, 2])
    catalogue.state.jobs = [queued('c')]
    time = 100
    expect(await jobsBefore('c')).toBe(2)
    expect(catalogue.state.pages).toBe(2)
    time = 101
    expect(await jobsBefore('c')).toBe(0)
  })

  test('reads a queue that takes long to read less often', async () => {
    let time = 0
    const catalogue = listing([queued('a')])
    const { jobsBefore } = queueOrder(
      {
        async listJobs(options) {
          time += 1_000
          return catalogue.listJobs(options)
        },
      },
      { now: () => time },
    )
    await jobsBefore('a')
    time = 30_000
    await jobsBefore('a')
    expect(catalogue.state.pages).toBe(1)
    time = 30_001
    await jobsBefore('a')
    expect(catalogue.state.pages).toBe(2)
  })

  test('asks again after the catalogue could not be read', async () => {
    let isBroken = true
    const catalogue = listing([queued('a')])
    const { jobsBefore } = queueOrder({
      listJobs: (options) => (isBroken ? Promise.reject(new Error('busy')) : catalogue.listJobs(options)),
    })
    await expect(jobsBefore('a')).rejects.toThrow('busy')
    isBroken = false
    expect(await jobsBefore('a')).toBe(0)
  })
})
