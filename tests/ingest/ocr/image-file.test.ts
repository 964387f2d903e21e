import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Create } from 'sharp'
import { describe, expect, test } from 'vitest'
import { drawImage } from '../../../src/ingest/ocr/image-file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const red = { r: 255, g: 0, b: 0 }
const plain = (width: number, height: number, background: Create['background'] = red) =>
  sharp({ create: { width, height, channels: 3, background } })

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'picture')
  await writeFile(path, bytes)
  return path
}

/** A 24-bit Windows bitmap, blue. */
function bmp(width: number, height: number): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(54 + rowBytes * height)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) bytes[54 + y * rowBytes + x * 3] = 255
  return bytes
}

/** An uncompressed grey TIFF with a page for each shade. */
function tiff(shades: readonly number[]): Buffer {
  const [width, height] = [40, 20]
  const pageBytes = width * height
  const tags = 8
  const directoryBytes = 2 + tags * 12 + 4
  const head = Buffer.alloc(8)
  head.write('II')
  head.writeUInt16LE(42, 2)
  head.writeUInt32LE(8, 4)
  const pages = shades.map((shade, index) => {
    const start = 8 + index * (directoryBytes + pageBytes)
    const directory = Buffer.alloc(directoryBytes)
    directory.writeUInt16LE(tags, 0)
    const entries: [tag: number, value: number][] = [
      [256, width],
      [257, height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, start + directoryBytes],
      [278, height],
      [279, pageBytes],
    ]
    entries.forEach(([tag, value], entry) => {
      directory.writeUInt16LE(tag, 2 + entry * 12)
      directory.writeUInt16LE(4, 4 + entry * 12)
      directory.writeUInt32LE(1, 6 + entry * 12)
      directory.writeUInt32LE(value, 10 + entry * 12)
    })
    directory.writeUInt32LE(index === shades.length - 1 ? 0 : start + directoryBytes + pageBytes, 2 + tags * 12)
    return Buffer.concat([directory, Buffer.alloc(pageBytes, shade)])
  })
  return Buffer.concat([head, ...pages])
}

describe('drawImage', () => {
  test.each(['png', 'jpeg', 'tiff', 'webp', 'gif', 'avif'] as const)('draws %s', async (format) => {
    const drawn = await drawImage(await file(await plain(60, 30).toFormat(format).toBuffer()))
    expect(drawn).toMatchObject({ width: 60, height: 30, bitmap: { width: 60, height: 30 } })
    expect(drawn.bitmap.data).toHaveLength(60 * 30 * 4)
    const [r = 0, g = 255, b = 255, alpha] = drawn.bitmap.data
    expect(r).toBeGreaterThan(240)
    expect(Math.max(g, b)).toBeLessThan(15)
    expect(alpha).toBe(255)
  })

  test('draws BMP', async () => {
    const drawn = await drawImage(await file(bmp(50, 20)))
    expect(drawn).toMatchObject({ width: 50, height: 20 })
    expect([...drawn.bitmap.data.subarray(0, 4)]).toEqual([0, 0, 255, 255])
  })

  test('turns a photograph as its camera says', async () => {
    const turnedByCamera = await plain(60, 30).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect(await drawImage(await file(turnedByCamera))).toMatchObject({
      width: 30,
      height: 60,
      bitmap: { width: 30, height: 60 },
    })
  })

  test('draws the asked page of a TIFF', async () => {
    const path = await file(tiff([0, 128, 255]))
    const shades = await Promise.all([0, 1, 2].map(async (frame) => (await drawImage(path, { frame })).bitmap.data[0]))
    expect(shades).toEqual([0, 128, 255])
    await expect(drawImage(path, { frame: 3 })).rejects.toMatchObject({ code: 'file_corrupt' })
  })

  test('puts what is transparent on white, and makes deep and grey pictures plain', async () => {
    const clear = sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    expect((await drawImage(await file(await clear.png().toBuffer()))).bitmap.data[0]).toBe(255)
    const deep = await plain(8, 8, '#808080').toColourspace('grey16').png().toBuffer()
    const { data } = (await drawImage(await file(deep))).bitmap
    expect(data).toHaveLength(8 * 8 * 4)
    expect([126, 127, 128, 129]).toContain(data[0])
  })

  test('makes a large picture smaller and keeps its own measures', async () => {
    const drawn = await drawImage(await file(await plain(6000, 4000, '#fff').png().toBuffer()))
    expect(drawn).toMatchObject({ width: 6000, height: 4000 })
    expect(drawn.bitmap.width * drawn.bitmap.height).toBeLessThanOrEqual(12_010_000)
    expect(drawn.overview.height).toBe(1024)
  })

  test('keeps a long screenshot legible in the overview', async () => {
    const drawn = await drawImage(await file(await plain(800, 7000, '#fff').png().toBuffer()))
    expect(drawn.overview).toMatchObject({ width: 800, height: 7000 })
  })

  test('refuses a picture with far too many pixels before it unpacks them', async () => {
    const bomb = tiff([0])
    const [widthAt, heightAt] = [8 + 2 + 8, 8 + 2 + 12 + 8]
    bomb.writeUInt32LE(40_000, widthAt)
    bomb.writeUInt32LE(40_000, heightAt)
    await expect(drawImage(await file(bomb))).rejects.toMatchObject({ code: 'ocr_failed', remedy: expect.any(String) })
    const head = bmp(1, 1)
    head.writeInt32LE(100_000, 18)
    head.writeInt32LE(100_000, 22)
    await expect(drawImage(await file(head))).rejects.toMatchObject({ code: 'ocr_failed' })
  })

  test('says that a damaged picture is damaged', async () => {
    const whole = await plain(400, 400).jpeg().toBuffer()
    const noise = await sharp(Buffer.from(Uint8Array.from({ length: 120_000 }, (_, index) => (index * 7919) % 251)), {
      raw: { width: 200, height: 200, channels: 3 },
    })
      .png()
      .toBuffer()
    for (const bytes of [
      whole.subarray(0, 100),
      noise.subarray(0, noise.length / 2),
      Buffer.from('no picture'),
      bmp(9, 9).subarray(0, 60),
      Buffer.alloc(0),
    ]) {
      await expect(drawImage(await file(bytes))).rejects.toMatchObject({
        code: 'file_corrupt',
        remedy: expect.any(String),
      })
    }
  })

  test('does not draw SVG, which may fetch other files', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>hello</text></svg>'
    await expect(drawImage(await file(Buffer.from(svg)))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
