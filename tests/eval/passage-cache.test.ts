import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPassageCache } from '../../src/eval/passage-cache.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { unitVector } from '../support/unit-vectors.js'

const dimensions = 8
const passage = (id: string) => ({ id, title: 'Pump', text: `text of ${id}` })
const piece = (seed: number) => ({ start: 0, end: 4, tokenCount: seed, vector: unitVector(seed, dimensions) })

async function opened(folder: string, fingerprint = 'model') {
  const cache = await openPassageCache(folder, { fingerprint, dimensions })
  onTestFinished(() => cache.close())
  return cache
}

/** The only file in the cache's only folder. */
async function segmentIn(folder: string): Promise<string> {
  const [own = ''] = await readdir(folder)
  const [name = ''] = await readdir(join(folder, own))
  return join(folder, own, name)
}

describe('openPassageCache', () => {
  test('gives back what was put, at once and in another run, whatever the id', async () => {
    const folder = await temporaryFolder()
    const first = await opened(folder)
    const entries = [
      { passage: passage('a'), pieces: [piece(1), piece(2)] },
      { passage: passage('b'), pieces: [piece(3)] },
    ]
    await first.put(entries.slice(0, 1))
    await first.put(entries.slice(1))
    for (const cache of [first, await opened(folder)]) {
      expect(await cache.get({ ...passage('a'), id: 'other' })).toEqual([piece(1), piece(2)])
      expect(await cache.get(passage('b'))).toEqual([piece(3)])
      expect(await cache.get(passage('c'))).toBeNull()
      expect(await cache.get({ ...passage('a'), title: 'Valve' })).toBeNull()
    }
  })

  test('finds nothing of another model', async () => {
    const folder = await temporaryFolder()
    await (await opened(folder)).put([{ passage: passage('a'), pieces: [piece(1)] }])
    expect(await (await opened(folder, 'other model')).get(passage('a'))).toBeNull()
  })

  test('keeps what two runs put at a time', async () => {
    const folder = await temporaryFolder()
    const [one, other] = [await opened(folder), await opened(folder)]
    await Promise.all([
      one.put([{ passage: passage('a'), pieces: [piece(1)] }]),
      other.put([{ passage: passage('b'), pieces: [piece(2)] }]),
    ])
    const later = await opened(folder)
    expect(await later.get(passage('a'))).toEqual([piece(1)])
    expect(await later.get(passage('b'))).toEqual([piece(2)])
  })

  test('forgets a record that was cut short, and keeps those before it', async () => {
    const folder = await temporaryFolder()
    await (await opened(folder)).put([{ passage: passage('a'), pieces: [piece(1)] }])
    const path = await segmentIn(folder)
    await appendFile(path, (await readFile(path)).subarray(0, 50))
    const later = await opened(folder)
    expect(await later.get(passage('a'))).toEqual([piece(1)])
  })

  test('does not give back a damaged vector', async () => {
    const folder = await temporaryFolder()
    await (await opened(folder)).put([{ passage: passage('a'), pieces: [piece(1)] }])
    const path = await segmentIn(folder)
    const bytes = await readFile(path)
    await writeFile(path, bytes.fill(0, bytes.length - 16))
    expect(await (await opened(folder)).get(passage('a'))).toBeNull()
  })
})
