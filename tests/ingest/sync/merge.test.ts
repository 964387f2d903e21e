import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { merge } from '../../../src/ingest/sync/merge.js'

async function gather<T>(events: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = []
  for await (const event of events) gathered.push(event)
  return gathered
}

describe('merge', () => {
  test('yields everything of every item once, in its own order, never more at a time than asked for', async () => {
    const sizes = fc.array(fc.nat({ max: 4 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 5 }), async (counts, concurrency) => {
        const running = { now: 0, most: 0 }
        const events = merge(counts.entries(), { concurrency }, async function* ([item, count]) {
          running.now += 1
          running.most = Math.max(running.most, running.now)
          for (let step = 0; step < count; step++) {
            await turn()
            yield { item, step }
          }
          running.now -= 1
        })
        const gathered = await gather(events)
        const expected = counts.map((count) => Array.from({ length: count }, (_, step) => step))
        const byItem = counts.map((_, item) => gathered.filter((event) => event.item === item).map(({ step }) => step))
        expect(byItem).toEqual(expected)
        expect(running.most).toBeLessThanOrEqual(concurrency)
      }),
      { numRuns: 40 },
    )
  })

  test('lets a quick item pass a slow one', async () => {
    const events = merge(['slow', 'quick'], { concurrency: 2 }, async function* (name) {
      if (name === 'slow') for (let turns = 0; turns < 10; turns++) await turn()
      yield name
    })
    expect(await gather(events)).toEqual(['quick', 'slow'])
  })

  test('takes items only when it begins them', async () => {
    let taken = 0
    function* items() {
      for (; taken < 1_000; taken++) yield taken
    }
    for await (const _event of merge(items(), { concurrency: 3 }, oneEvent)) break
    expect(taken).toBeLessThanOrEqual(4)
  })

  test('ends what was begun when the reader stops and when an item fails', async () => {
    const ended: number[] = []
    const work = async function* (item: number) {
      try {
        yield item
        if (item === 2) throw new Error('item 2 is bad')
        yield item
      } finally {
        ended.push(item)
      }
    }
    for await (const _event of merge([1, 3], { concurrency: 2 }, work)) break
    expect(ended.sort()).toEqual([1, 3])
    await expect(gather(merge([1, 2], { concurrency: 2 }, work))).rejects.toThrow('item 2 is bad')
  })
})

async function* oneEvent(item: number) {
  yield item
}
