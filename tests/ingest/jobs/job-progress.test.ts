import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { JobProgress } from '../../../src/core/catalogue.js'
import type { Job } from '../../../src/core/job.js'
import { progressReporter } from '../../../src/ingest/jobs/job-progress.js'

const job: Job = {
  id: 'job_1',
  knowledgeBaseId: 'kb_1',
  documentId: 'doc_1',
  revision: 1,
  contentHash: '0'.repeat(64),
  sourceUri: 'a.pdf',
  status: 'running',
  stage: 'parsing',
  priority: 'interactive',
  progress: 0,
  pages: null,
  etaSeconds: null,
  notBefore: null,
  documents: { total: 1, done: 0, failed: 0 },
  warnings: [],
  error: null,
  attempts: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

function reporter(updateJob = async (_id: string, change: JobProgress): Promise<Job> => ({ ...job, ...change })) {
  const published: Job[] = []
  const publish = (each: Job) => void published.push(each)
  return { published, ...progressReporter(job, { catalogue: { updateJob }, estimate: () => 7, publish }) }
}

describe('progressReporter', () => {
  test('passes over what piles up while a change is stored, and never the newest', async () => {
    let finish = () => {}
    const slow = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { report, settled, published } = reporter(async (_, change) => {
      await slow
      return { ...job, ...change }
    })
    for (const progress of [0.1, 0.2, 0.3, 0.4]) report({ stage: 'embedding', progress })
    finish()
    await settled()
    expect(published.map(({ progress, etaSeconds }) => [progress, etaSeconds])).toEqual([
      [0.1, 7],
      [0.4, 7],
    ])
  })

  test('stores what is reported while another change is told', async () => {
    const { report, settled, published } = reporter()
    report({ stage: 'embedding', progress: 0.5 })
    await setImmediate()
    report({ stage: 'indexing', progress: 0 })
    await settled()
    expect(published.map(({ stage }) => stage)).toEqual(['embedding', 'indexing'])
  })

  test('keeps the pages of the stage before until a stage says otherwise', async () => {
    const { report, settled, published } = reporter()
    const steps = [{ pages: { done: 3, total: 9 } }, {}, { pages: null }, {}]
    for (const step of steps) {
      report({ stage: 'embedding', progress: 0, ...step })
      await settled()
    }
    expect(published.map(({ pages }) => pages?.total ?? null)).toEqual([9, 9, null, null])
  })

  test('goes on after a change that could not be stored', async () => {
    let isBroken = true
    const { report, settled, published } = reporter(async (_, change) => {
      if (isBroken) throw new Error('busy')
      return { ...job, ...change }
    })
    report({ stage: 'parsing', progress: 0.5 })
    await settled()
    isBroken = false
    report({ stage: 'embedding', progress: 0.5 })
    await settled()
    expect(published.map(({ stage }) => stage)).toEqual(['embedding'])
  })
})
