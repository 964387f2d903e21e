import { describe, expect, test } from 'vitest'
import type { Block, EarlyBlocks } from '../../../src/core/types.js'
import { hearChild, tellParent } from '../../../src/ingest/parse/parse-follower.js'
import { type ParseNews, parseReply } from '../../../src/ingest/parse/parse-messages.js'

const block = (text: string, headingPath: string[] = []): Block => ({ kind: 'paragraph', text, page: 1, headingPath })

/** What a parser tells, as it arrives on the other side. */
function line() {
  const pages: { done: number; total: number }[] = []
  const early: EarlyBlocks[] = []
  const listener = {
    onPages: (some: (typeof pages)[number]) => void pages.push(some),
    onEarly: (some: EarlyBlocks) => void early.push(some),
  }
  const cross = (news: ParseNews) => {
    const reply = parseReply.parse(structuredClone({ ...news, id: 1 }))
    if (reply.type !== 'pages' && reply.type !== 'early') throw new Error('not understood')
    hearChild(listener, reply)
  }
  const clock = { ms: 0 }
  const follower = tellParent({ tell: cross, handOver: async (news) => cross(news), now: () => clock.ms })
  return { pages, early, clock, follower }
}

describe('tellParent and hearChild', () => {
  test('what a parser tells arrives in parts', async () => {
    const { follower, early } = line()
    const blocks = Array.from({ length: 300 }, (_, index) => block(`text ${index}`, ['heading']))
    await follower.onEarly({ title: 'pump', blocks })
    expect(early.length).toBeGreaterThan(1)
    expect(early.every(({ title }) => title === 'pump')).toBe(true)
    expect(early.flatMap((part) => part.blocks)).toEqual(blocks)
  })

  test('what is beyond the bounds is clipped, and a text that comes in pieces ends with its first one', async () => {
    const { follower, early } = line()
    await follower.onEarly({
      title: 't'.repeat(9_000),
      blocks: [block('x'.repeat(250_000), ['h'.repeat(9_000)]), block('y')],
    })
    expect(early[0]?.title).toHaveLength(2_000)
    expect(early[0]?.blocks[0]?.headingPath[0]).toHaveLength(1_000)
    expect(early.flatMap(({ blocks }) => blocks.map(({ text }) => text.length))).toEqual([100_000, 1])
  })

  test('pages are told of five times a second', () => {
    const { follower, pages, clock } = line()
    for (let done = 1; done <= 100; done += 1) {
      clock.ms += 10
      follower.onPages({ done, total: 100 })
    }
    expect(pages.map(({ done }) => done)).toEqual([20, 40, 60, 80, 100])
  })
})
