import { describe, expect, test, vi } from 'vitest'
import { spentMemory } from '../../../src/ingest/jobs/spent-memory.js'

const MiB = 1024 * 1024

describe('spentMemory', () => {
  test('collects when a job left much, and then only when there is much again', () => {
    const memory = { now: 100 * MiB, collections: 0 }
    const collect = () => {
      memory.collections += 1
      memory.now = 150 * MiB
    }
    const spent = spentMemory({ rssBytes: () => memory.now, collect })
    const after = (rssMiB: number) => {
      memory.now = rssMiB * MiB
      spent.giveBack()
      return memory.collections
    }
    expect([after(150), after(190), after(300), after(200), after(240), after(250)]).toEqual([0, 0, 1, 1, 1, 2])
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
