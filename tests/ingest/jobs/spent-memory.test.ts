import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { spentMemory } from '../../../src/ingest/jobs/spent-memory.js'

const MiB = 1024 * 1024

/** Memory that a collection brings back to 150 MiB. */
function measured({ idleMs }: { idleMs: number }) {
  const memory = { now: 100 * MiB, collections: 0 }
  const collect = () => {
    memory.collections += 1
    memory.now = 150 * MiB
  }
  const spent = spentMemory({ idleMs, rssBytes: () => memory.now, collect })
  return {
    endJob(rssMiB: number) {
      memory.now = rssMiB * MiB
      spent.giveBack()
      return memory.collections
    },
    collections: () => memory.collections,
  }
}

describe('spentMemory', () => {
  test('collects at once when a job left much, and then only when there is much again', () => {
    const { endJob } = measured({ idleMs: 60_000 })
    expect([150, 190, 300, 200, 240, 250].map(endJob)).toEqual([0, 0, 1, 1, 1, 2])
  })

  test('collects less than that when no job ends for a while, and nothing where hardly anything was left', async () => {
    const { endJob, collections } = measured({ idleMs: 20 })
    expect(endJob(110)).toBe(0)
    await sleep(60)
    expect(collections()).toBe(0)
    expect(endJob(170)).toBe(0)
    await vi.waitFor(() => expect(collections()).toBe(1))
  })

  test('gives the memory of what is no longer used back', async () => {
    const spent = spentMemory()
    let large: Uint8Array[] | null = Array.from({ length: 200 }, () => new Uint8Array(MiB).fill(1))
    expect(large.length).toBe(200)
    const before = process.memoryUsage.rss()
    large = null
    spent.giveBack()
    // Buffers are freed by a thread of V8's own.
    await vi.waitFor(() => expect(process.memoryUsage.rss()).toBeLessThan(before - 150 * MiB), 5_000)
  })
})
