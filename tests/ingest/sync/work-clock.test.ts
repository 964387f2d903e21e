import { describe, expect, test } from 'vitest'
import type { JobStage } from '../../../src/core/job.js'
import { workClock } from '../../../src/ingest/sync/work-clock.js'

describe('workClock', () => {
  test('counts what goes into a file, and no waiting', () => {
    let at = 0
    const clock = workClock({ now: () => at })
    const stages: [JobStage, number][] = [
      ['queued', 60_000],
      ['parsing', 1_000],
      ['parsing', 500],
      ['recognising', 200],
      ['embedding', 40],
      ['indexing', 9_000],
      ['queued', 3_000],
      ['parsing', 1],
      ['done', 700],
    ]
    at += 7
    for (const [stage, forMs] of stages) {
      clock.enter(stage)
      at += forMs
    }
    expect(clock.seconds()).toBe(1.748)
  })

  test('counts a stage that goes on', () => {
    let at = 0
    const clock = workClock({ now: () => at })
    at = 20
    expect(clock.seconds()).toBe(0.02)
    clock.enter('parsing')
    at = 50
    expect(clock.seconds()).toBe(0.05)
    clock.enter('failed')
    at = 90
    expect(clock.seconds()).toBe(0.05)
  })
})
