import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Picture } from '../../../src/core/types.js'
import { imageParser } from '../../../src/ingest/parsers/image.js'
import { parseContext } from '../../support/parse-context.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makeBitmap } from '../fixtures/bitmap.js'

async function parse(bytes: Uint8Array, limits = {}) {
  return imageParser(limits).parse(bytes, parseContext('a.png', { scratchDir: await temporaryFolder() }))
}

const blank = (width = 60, height = 40) => sharp({ create: { width, height, channels: 3, background: '#fff' } })

async function pixelsOf(picture: Picture | undefined) {
  if (picture?.source.kind !== 'file') throw new Error('no picture in a file')
  const { data, info } = await sharp(await readFile(picture.source.path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

describe('imageParser', () => {
  test.each([
    ['png', () => blank().png()],
    ['jpeg', () => blank().jpeg()],
    ['webp', () => blank().webp()],
    ['gif', () => blank().gif()],
    ['tiff', () => blank().tiff()],
  ])('hands a %s on as one picture, its bytes as they are', async (format, make) => {
    const bytes = await make().toBuffer()
    const parsed = await parse(bytes)
    expect(parsed).toMatchObject({
      mediaType: `image/${format}`,
      pageCount: 1,
      blocks: [],
      losses: [],
      metadata: { width: 60, height: 40 },
    })
    expect(parsed.pictures).toMatchObject([{ page: 1, at: 0, replaces: 0, headingPath: [] }])
    const [picture] = parsed.pictures
    expect(picture?.source.kind === 'file' && (await readFile(picture.source.path)).equals(bytes)).toBe(true)
  })

  test('takes the pages of a fax apart', async () => {
    const tall = await sharp({ create: { width: 20, height: 90, channels: 3, background: '#f00' } })
      .tiff()
      .toBuffer()
    const bytes = await sharp([tall, tall, tall], { join: { animated: true } })
      .tiff()
      .toBuffer()
    const parsed = await parse(bytes)
    expect(parsed.pageCount).toBe(3)
    expect(parsed.pictures.map(({ page }) => page)).toEqual([1, 2, 3])
    expect(await pixelsOf(parsed.pictures[2])).toMatchObject({ width: 20, height: 90 })
    await expect(parse(bytes, { maxPages: 2 })).rejects.toMatchObject({ code: 'archive_bomb' })
  })

  test('reads bitmaps', async () => {
    const parsed = await parse(makeBitmap([['#ff0000', '#00ff00']]))
    expect(parsed).toMatchObject({ mediaType: 'image/bmp', metadata: { width: 2, height: 1 } })
    expect([...(await pixelsOf(parsed.pictures[0])).data]).toEqual([255, 0, 0, 0, 255, 0])
  })

  test('reads the first picture of an animation and says so', async () => {
    const frame = await blank().png().toBuffer()
    const bytes = await sharp([frame, await blank().negate().png().toBuffer()], { join: { animated: true } })
      .gif()
      .toBuffer()
    const parsed = await parse(bytes)
    expect(parsed.pictures).toHaveLength(1)
    expect(parsed.warnings).toEqual(['only the first picture of the animation was read'])
  })

  test('refuses what is damaged or has more pixels than can be read', async () => {
    const bytes = await blank().png().toBuffer()
    await expect(parse(bytes.subarray(0, 20))).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse(Buffer.from('BMx'))).rejects.toMatchObject({ code: 'file_corrupt' })
    await expect(parse(bytes, { maxPixels: 2399 })).rejects.toMatchObject({ code: 'parse_memory' })
    const bomb = Buffer.from(bytes)
    bomb.writeUInt32BE(100_000, 16)
    bomb.writeUInt32BE(100_000, 20)
    await expect(parse(bomb)).rejects.toMatchObject({ code: 'parse_memory' })
  })
})
