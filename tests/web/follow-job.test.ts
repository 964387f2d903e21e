import { describe, expect, test } from 'vitest'
import type { Job } from '../../src/core/job.js'
import { ApiError } from '../../web/api-error.js'
import { followJob } from '../../web/follow-job.js'
import { emptyJob } from '../support/records.js'

const queued: Job = { ...emptyJob, id: 'job_1', documentId: 'doc_1', sourceUri: 'a.pdf' }
const running: Job = { ...queued, status: 'running', stage: 'parsing' }
const done: Job = { ...queued, status: 'done', stage: 'done' }

/** Streams one script a call; an error in a script is thrown there. */
function scripted(...scripts: (Job | Error)[][]) {
  const left = [...scripts]
  return {
    async *watchJob() {
      for (const step of left.shift() ?? []) {
        if (step instanceof Error) throw step
        yield step
      }
    },
  }
}

describe('followJob', () => {
  test('reports every change and returns the job as it ended', async () => {
    const seen: Job[] = []
    expect(await followJob(scripted([queued, running, done]), queued, (job) => seen.push(job))).toBe(done)
    expect(seen).toEqual([queued, running, done])
  })

  test('opens the stream again when it breaks off', async () => {
    const broken = new ApiError({ code: 'unreachable', message: '' })
    const api = scripted([running, broken], [broken], [running], [done])
    expect(await followJob(api, queued, () => undefined, { waitMs: 0 })).toBe(done)
  })

  test('gives up when the job is gone', async () => {
    const gone = new ApiError({ code: 'job_not_found', message: 'no such job' })
    await expect(followJob(scripted([gone]), queued, () => undefined, { waitMs: 0 })).rejects.toBe(gone)
  })

  test('gives up when the server stays away', async () => {
    await expect(followJob(scripted(), queued, () => undefined, { waitMs: 0 })).rejects.toMatchObject({
      problem: { code: 'unreachable' },
    })
  })
})
