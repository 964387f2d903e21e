import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { lossList } from '../../../src/ingest/parsers/losses.js'
import { pictureTray } from '../../../src/ingest/parsers/picture-tray.js'
import { makePng } from '../fixtures/picture.js'
import { scratchFolder } from '../fixtures/scratch.js'

const place = (at: number, page: number | null = null) => ({ page, headingPath: [], at })

describe('pictureTray', () => {
  test('keeps so many pictures and no more, in the order of their places', async () => {
    const losses = lossList()
    const scratchDir = await scratchFolder()
    const tray = pictureTray({ scratchDir, losses, mostPictures: 2 })
    for (const [index, at] of [5, 3, 8].entries()) {
      await tray.add({ name: 'a.png', bytes: makePng(50, 50, index) }, place(at, at))
    }
    expect(tray.pictures.map(({ at }) => at)).toEqual([3, 5])
    expect(await readdir(scratchDir)).toHaveLength(2)
    expect(losses.losses).toEqual([{ kind: 'image', count: 1, pages: [8], reason: 'pictures beyond the first 2' }])
  })

  test('tells damaged pictures from those of kinds that cannot be recognised', async () => {
    const losses = lossList()
    const tray = pictureTray({ scratchDir: '/nowhere', losses })
    await tray.add({ name: 'media/a.png', bytes: Buffer.from('x') }, place(0))
    await tray.add({ name: 'media/b.wmf', bytes: Buffer.from('y') }, place(0))
    await tray.add({ name: 'media/c.wmf', bytes: Buffer.from('y') }, place(1))
    await tray.add({ name: '', bytes: null }, place(1))
    expect(tray.pictures).toEqual([])
    expect(losses.losses.map(({ reason, count }) => [reason, count])).toEqual([
      ['damaged pictures', 1],
      ['WMF pictures, a format that cannot be recognised', 1],
      ['pictures that the file refers to but does not hold', 1],
    ])
  })
})
