import { describe, expect, test } from 'vitest'
import { absent, settling } from '../../../src/ingest/sync/settling.js'

function files(looks: Record<string, string>) {
  return { looks, dirty: settling({ look: async (path) => looks[path] ?? absent, settleMs: 2_000 }) }
}

describe('settling', () => {
  test('gives a path away when it has looked the same for the whole time', async () => {
    const { dirty } = files({ '/a': '1' })
    dirty.add('/a', 0)
    expect(await dirty.take(0)).toEqual([])
    expect(await dirty.take(1_999)).toEqual([])
    expect(await dirty.take(2_000)).toEqual(['/a'])
    expect(dirty.size()).toBe(0)
    expect(await dirty.take(9_000)).toEqual([])
  })

  test('waits anew after each change, told or seen', async () => {
    const { dirty, looks } = files({ '/a': '1' })
    dirty.add('/a', 0)
    await dirty.take(0)
    looks['/a'] = '2'
    expect(await dirty.take(2_000)).toEqual([])
    expect(await dirty.take(3_999)).toEqual([])
    dirty.add('/a', 3_999)
    await dirty.take(4_000)
    expect(await dirty.take(5_998)).toEqual([])
    expect(await dirty.take(5_999)).toEqual(['/a'])
  })

  test('keeps both ends of a renaming together', async () => {
    const { dirty } = files({ '/new': '1' })
    dirty.add('/old', 0)
    dirty.add('/new', 1_500)
    await dirty.take(1_500)
    expect(await dirty.take(2_500)).toEqual([])
    expect((await dirty.take(3_500)).sort()).toEqual(['/new', '/old'])
  })

  test('lets a file that never comes to rest hold up others for a while only, and what is gone for longer', async () => {
    const { dirty, looks } = files({ '/a': '1', '/log': '1' })
    for (const path of ['/a', '/log', '/gone']) dirty.add(path, 0)
    const taken: [number, string[]][] = []
    for (let now = 0; now <= 30_000; now += 1_000) {
      looks['/log'] = String(now)
      const paths = await dirty.take(now)
      if (paths.length > 0) taken.push([now, paths])
    }
    expect(taken).toEqual([[20_000, ['/a']]])
    expect(dirty.size()).toBe(2)
  })
})
