import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Bitmap } from '../../../src/ingest/ocr/bitmap.js'
import { pdfPages } from '../../../src/ingest/ocr/pdf-page-picture.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makePdf, type PdfOptions } from '../fixtures/pdf.js'

function drawer() {
  const pages = pdfPages()
  onTestFinished(() => pages.close())
  return pages
}

async function file(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'blob')
  await writeFile(path, bytes)
  return path
}

const [a4Width, a4Height] = [595.28, 841.89]
const sheet = (options: PdfOptions = {}) =>
  makePdf(
    (pdf) =>
      pdf
        .rect(0, 0, a4Width / 2, a4Height / 2)
        .fill('#00f')
        .addPage()
        .text('page two', 60, 60),
    options,
  )

/** A one-page PDF without content, of the given measures. */
const empty = (width: number, height: number, more = '') =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n` +
      `3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]${more}>>endobj\ntrailer<</Root 1 0 R>>`,
  )

const colourAt = ({ data, width }: Bitmap, x: number, y: number) => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]

describe('pdfPages', () => {
  test('draws a page on white at 200 dots an inch, and a smaller overview', async () => {
    const { bitmap, overview, width, height } = await drawer().draw(
      { path: await file(await sheet()), passwords: [] },
      1,
    )
    expect([width, height]).toEqual([a4Width, a4Height])
    expect(bitmap.width).toBe(Math.round((a4Width / 72) * 200))
    expect(overview.width).toBe(794)
    expect(colourAt(bitmap, 100, 100)).toEqual([0, 0, 255, 255])
    expect(colourAt(bitmap, bitmap.width - 100, bitmap.height - 100)).toEqual([255, 255, 255, 255])
  })

  test('tries the passwords in order', async () => {
    const path = await file(await sheet({ userPassword: 'geheim' }))
    const { draw } = drawer()
    await expect(draw({ path, passwords: [] }, 1)).rejects.toMatchObject({
      code: 'ocr_failed',
      remedy: expect.any(String),
    })
    await expect(draw({ path, passwords: ['other'] }, 1)).rejects.toMatchObject({ code: 'ocr_failed' })
    expect((await draw({ path, passwords: ['other', 'geheim'] }, 1)).width).toBe(a4Width)
  })

  test('keeps the last file open for its next page', async () => {
    const path = await file(await sheet())
    const { draw } = drawer()
    await draw({ path, passwords: [] }, 1)
    await rm(path)
    expect((await draw({ path, passwords: [] }, 2)).width).toBe(a4Width)
    await draw({ path: await file(await sheet()), passwords: [] }, 1)
    await expect(draw({ path, passwords: [] }, 1)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('turns a page as the file says', async () => {
    const drawn = await drawer().draw({ path: await file(empty(400, 200, '/Rotate 90')), passwords: [] }, 1)
    expect(drawn).toMatchObject({ width: 200, height: 400 })
    expect(drawn.bitmap.height).toBeGreaterThan(drawn.bitmap.width)
  })

  test('bounds the pixels of an enormous page and of a tiny one', async () => {
    const { draw } = drawer()
    const huge = await draw({ path: await file(empty(14_400, 14_400)), passwords: [] }, 1)
    expect(huge.bitmap.width * huge.bitmap.height).toBeLessThanOrEqual(12_010_000)
    expect(huge.overview.width * huge.overview.height).toBeLessThanOrEqual(6_010_000)
    expect(huge.width).toBe(14_400)
    const strip = await draw({ path: await file(empty(200_000, 1)), passwords: [] }, 1)
    expect(strip.bitmap.width).toBeLessThanOrEqual(20_000)
    const tiny = await draw({ path: await file(empty(1, 1)), passwords: [] }, 1)
    expect(tiny.bitmap.width).toBeLessThan(10)
  })

  test('says which page there is not, and that a damaged file is damaged', async () => {
    const { draw } = drawer()
    await expect(draw({ path: await file(await sheet()), passwords: [] }, 3)).rejects.toMatchObject({
      code: 'ocr_failed',
      message: 'the PDF has no page 3, its last is 2',
    })
    await expect(draw({ path: await file(Buffer.from('%PDF-1.4 nothing')), passwords: [] }, 1)).rejects.toMatchObject({
      code: 'file_corrupt',
    })
  })
})
