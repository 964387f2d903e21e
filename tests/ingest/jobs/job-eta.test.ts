import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Job, JobStage } from '../../../src/core/job.js'
import { type JobEstimator, jobEstimator } from '../../../src/ingest/jobs/job-eta.js'

const at = (stage: JobStage, progress: number, pages: Job['pages'] = null) => ({ stage, progress, pages })
const allPages = (total: number) => ({ done: total, total })

/** A job that takes so long in its two stages that count. Returns the time at which it ends. */
function runJob(
  estimator: JobEstimator,
  jobId: string,
  { from = 0, sizeBytes = 100_000, parsing = 2, embedding = 8, pages = null as number | null } = {},
): number {
  estimator.begin(jobId, from)
  estimator.weigh(jobId, sizeBytes)
  estimator.advance(jobId, at('parsing', 0), from)
  estimator.advance(jobId, at('embedding', 0, pages === null ? null : allPages(pages)), from + parsing)
  estimator.end(jobId, { isDone: true, atSeconds: from + parsing + embedding })
  return from + parsing + embedding
}

describe('jobEstimator', () => {
  test('says nothing of the first job until it embeds, for nobody knows how long that takes', () => {
    const estimator = jobEstimator()
    estimator.begin('a', 0)
    estimator.weigh('a', 1_000_000)
    expect(estimator.advance('a', at('parsing', 0), 0)).toBeNull()
    expect(estimator.advance('a', at('parsing', 0.5), 3)).toBeNull()
    expect(estimator.advance('a', at('embedding', 0), 6)).toBeNull()
    expect(estimator.advance('a', at('embedding', 0.1), 7)).toBe(9)
    expect(estimator.queued(0, 7)).toBeNull()
  })

  test('converges on a job of constant pace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 3_600 }), fc.integer({ min: 2, max: 200 }), (seconds, steps) => {
        const estimator = jobEstimator()
        estimator.begin('a', 100)
        estimator.advance('a', at('embedding', 0), 100)
        for (let step = 1; step <= steps; step++) {
          const eta = estimator.advance('a', at('embedding', step / steps), 100 + (seconds * step) / steps)
          expect(Math.abs((eta ?? Number.NaN) - seconds * (1 - step / steps))).toBeLessThanOrEqual(0.51)
        }
      }),
    )
  })

  test('follows a pace that changes', () => {
    const estimator = jobEstimator()
    estimator.begin('a', 0)
    estimator.advance('a', at('embedding', 0), 0)
    for (let step = 1; step <= 10; step++) estimator.advance('a', at('embedding', step * 0.01), step * 10)
    const slow = estimator.advance('a', at('embedding', 0.11), 110)
    expect(slow).toBe(890)
    let eta: number | null = null
    for (let step = 1; step <= 60; step++) eta = estimator.advance('a', at('embedding', 0.11 + step * 0.01), 110 + step)
    expect(Math.abs((eta ?? 0) - 29)).toBeLessThan(29 * 0.75)
  })

  test('expects of the stages to come what the jobs before took for a byte', () => {
    const estimator = jobEstimator()
    const now = runJob(estimator, 'a', { sizeBytes: 100_000, parsing: 2, embedding: 8 })
    estimator.begin('b', now)
    estimator.weigh('b', 300_000)
    expect(estimator.advance('b', at('parsing', 0), now)).toBe(30)
    expect(estimator.advance('b', at('embedding', 0), now + 6)).toBe(24)
  })

  test('expects what a page took as soon as the pages are counted', () => {
    const estimator = jobEstimator()
    const now = runJob(estimator, 'a', { sizeBytes: 100_000, parsing: 4, embedding: 6, pages: 20 })
    estimator.begin('b', now)
    estimator.weigh('b', 100_000)
    expect(estimator.advance('b', at('parsing', 0), now)).toBe(10)
    expect(estimator.advance('b', at('chunking', 0, allPages(200)), now + 40)).toBe(60)
  })

  test('does not take the pictures of a document for its pages', () => {
    const estimator = jobEstimator()
    const now = runJob(estimator, 'a', { sizeBytes: 100_000, parsing: 4, embedding: 6, pages: 20 })
    estimator.begin('b', now)
    estimator.weigh('b', 100_000)
    expect(estimator.advance('b', at('recognising', 0, { done: 0, total: 2_000 }), now)).toBe(6)
  })

  test('learns nothing of the stages from a job that failed', () => {
    const estimator = jobEstimator()
    estimator.begin('a', 0)
    estimator.advance('a', at('parsing', 0), 0)
    estimator.end('a', { isDone: false, atSeconds: 5 })
    estimator.begin('b', 5)
    expect(estimator.advance('b', at('parsing', 0), 5)).toBeNull()
  })

  test('counts the jobs before one that is queued', () => {
    const estimator = jobEstimator()
    let now = 0
    for (const jobId of ['a', 'b', 'c']) now = runJob(estimator, jobId, { from: now })
    expect(estimator.queued(0, now)).toBe(10)
    expect(estimator.queued(9, now)).toBe(100)
    estimator.begin('d', now)
    estimator.begin('e', now)
    expect(estimator.queued(9, now)).toBe(110)
  })

  test('becomes more careful with the queue when nothing has ended for long', () => {
    const estimator = jobEstimator()
    const now = runJob(estimator, 'a')
    estimator.begin('b', now)
    const soon = estimator.queued(9, now) ?? Number.NaN
    expect(estimator.queued(9, now + 5)).toBe(soon)
    expect(estimator.queued(9, now + 300)).toBeGreaterThan(soon)
  })

  test('is never negative and forgets what it does not know', () => {
    const stage = fc.constantFrom<JobStage>('parsing', 'recognising', 'chunking', 'embedding', 'indexing', 'done')
    const step = fc.record({
      jobId: fc.constantFrom('a', 'b', 'c'),
      what: fc.constantFrom('begin', 'advance', 'end'),
      stage,
      progress: fc.double({ min: 0, max: 1, noNaN: true }),
      total: fc.option(fc.nat(500)),
      after: fc.double({ min: 0, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const estimator = jobEstimator()
        let now = 0
        for (const { jobId, what, after, total, ...change } of steps) {
          now += after
          if (what === 'begin') estimator.begin(jobId, now)
          else if (what === 'end') estimator.end(jobId, { isDone: change.progress > 0.3, atSeconds: now })
          else {
            const pages = total === null ? null : allPages(total)
            expect(estimator.advance(jobId, { ...change, pages }, now) ?? 0).toSatisfy(isWaiting)
          }
          expect(estimator.queued(3, now) ?? 0).toSatisfy(isWaiting)
        }
        expect(estimator.advance('unknown', at('parsing', 0), now)).toBeNull()
      }),
    )
  })
})

const isWaiting = (seconds: number) => Number.isInteger(seconds) && seconds >= 0
