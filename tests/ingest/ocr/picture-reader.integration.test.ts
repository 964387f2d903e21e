import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import type { OcrPicture } from '../../../src/ingest/ocr/ocr-messages.js'
import { pictureReader } from '../../../src/ingest/ocr/picture-reader.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makePdf } from '../fixtures/pdf.js'
import { characterErrorRate, wordsFound } from './character-error-rate.js'
import { photograph, sample, scannedPdf, textLayer, writing } from './scan.js'

const reader = pictureReader({ threads: 2 })
afterAll(() => reader.close())

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'blob')
  await writeFile(path, bytes)
  return path
}

async function read(bytes: Uint8Array, more: Partial<OcrPicture> = {}) {
  return reader.read({ path: await file(bytes), page: null, passwords: [], ...more })
}

/** Without the bars that part the cells of a table. */
const textOf = (blocks: readonly { text: string }[]) => blocks.map(({ text }) => text.replaceAll(' | ', ' ')).join('\n')

/** Every block lies on the picture. */
function expectPlaces(blocks: Awaited<ReturnType<typeof read>>, { width, height }: { width: number; height: number }) {
  for (const { bbox, confidence } of blocks) {
    expect(bbox.x).toBeGreaterThanOrEqual(0)
    expect(bbox.y).toBeGreaterThanOrEqual(0)
    expect(bbox.x + bbox.width).toBeLessThanOrEqual(width + 0.1)
    expect(bbox.y + bbox.height).toBeLessThanOrEqual(height + 0.1)
    expect(confidence).toBeGreaterThanOrEqual(0.5)
    expect(confidence).toBeLessThanOrEqual(1)
  }
}

const chinese = { path: sample('安全生产规程.pdf'), page: 4 }
/** Its table of contents: little text, quickly read. */
const shortPage = 2
const english = { path: sample('export-installation-guide.pdf'), page: 3 }

describe('pictureReader', () => {
  test('reads a scanned Chinese page of a PDF', async () => {
    const jpeg = await (await photograph(chinese.path, chinese.page))
      .jpeg({ quality: 70 })
      .toBuffer({ resolveWithObject: true })
    const scan = scannedPdf([{ bytes: jpeg.data, ...jpeg.info }])
    const blocks = await read(scan, { page: 1 })
    expect(characterErrorRate(await textLayer(chinese.path, chinese.page), textOf(blocks))).toBeLessThan(0.05)
    expectPlaces(blocks, { width: 595, height: 842 })
  })

  test('reads a scanned English page with the spaces between its words', async () => {
    const blocks = await read(await (await photograph(english.path, english.page)).png().toBuffer())
    const expected = await textLayer(english.path, english.page)
    expect(wordsFound(expected, textOf(blocks))).toBeGreaterThan(0.9)
  })

  test.each([90, 180, 270])(
    'reads a page that was scanned turned by %i°, and finds its places there',
    async (angle) => {
      const page = await photograph(chinese.path, shortPage)
      const upright = await page.png().toBuffer()
      const expected = await textLayer(chinese.path, shortPage)
      const turned = await sharp(upright).rotate(angle).png().toBuffer({ resolveWithObject: true })
      const blocks = await read(turned.data)
      expect(characterErrorRate(expected, textOf(blocks))).toBeLessThan(0.05)
      expectPlaces(blocks, turned.info)
      const lines = blocks.filter(({ text }) => text.length > 8 && !text.includes('\n'))
      expect(lines.length).toBeGreaterThan(0)
      for (const { bbox } of lines) expect(bbox.height > bbox.width).toBe(angle !== 180)
    },
  )

  test('reads a scan that leans', async () => {
    const leaning = await (await photograph(chinese.path, shortPage))
      .rotate(1.7, { background: '#fff' })
      .png()
      .toBuffer()
    const expected = await textLayer(chinese.path, shortPage)
    expect(characterErrorRate(expected, textOf(await read(leaning)))).toBeLessThan(0.05)
  })

  test('tells where the text stands, in pixels of the image', async () => {
    const blocks = await read(writing(['Pump house', 'Valve chamber'], { leading: 200, size: 40 }))
    expect(blocks.map(({ text }) => text)).toEqual(['Pump house', 'Valve chamber'])
    const [first, second] = blocks
    // Written from x = 40, with the feet of the letters at y = 70 and 270.
    expect(first?.bbox.x).toBeGreaterThan(20)
    expect(first?.bbox.x).toBeLessThan(45)
    expect(first?.bbox.y).toBeGreaterThan(20)
    expect((first?.bbox.y ?? 0) + (first?.bbox.height ?? 0)).toBeLessThan(100)
    expect(second?.bbox.y).toBeGreaterThan(220)
  })

  test('opens a PDF with the password that fits', async () => {
    const locked = await makePdf((pdf) => pdf.fontSize(24).text('Confidential delivery terms', 60, 100), {
      userPassword: 'key',
    })
    const blocks = await read(locked, { page: 1, passwords: ['wrong', 'key'] })
    expect(textOf(blocks)).toBe('Confidential delivery terms')
    await expect(read(locked, { page: 1 })).rejects.toMatchObject({ code: 'ocr_failed' })
  })

  test('finds no text in an empty picture, however small', async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 3000],
      [640, 480],
    ] as const) {
      const blank = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
        .png()
        .toBuffer()
      expect(await read(blank)).toEqual([])
    }
  })

  test('says that a file is no picture', async () => {
    await expect(read(Buffer.from('plain text'))).rejects.toMatchObject({ code: 'file_corrupt' })
  })
})
