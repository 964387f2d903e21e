import { open, readFile } from 'node:fs/promises'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import sharp, { type Sharp } from 'sharp'
import type { Bitmap } from './bitmap.js'
import {
  type DrawnPicture,
  damaged,
  mostOverviewPixels,
  mostPixels,
  type Size,
  scaledSize,
  shrinkage,
  tooLarge,
} from './drawn-picture.js'

/** What an image may have before it is made smaller: a sheet of A2 at 600 dots an inch has 139 million. */
const mostSourcePixels = 268_000_000
/** The shorter side of the overview, in which text of a page of A4 is about as large as where the network learned. */
const overviewSide = 1024
const formats: readonly string[] = ['png', 'jpeg', 'tiff', 'webp', 'gif', 'heif']
const what = 'the image'

/**
 * Decodes an image (PNG, JPEG, TIFF, WebP, GIF, AVIF, BMP) and turns it the way its camera says.
 * @param frame counts from 0: the page of a TIFF, or a frame of an animation
 * @throws InkstoneError `file_corrupt`, `ocr_failed` for one that is too large
 */
export async function drawImage(path: string, { frame = 0 }: { frame?: number } = {}): Promise<DrawnPicture> {
  const { source, size } = await openImage(path, frame)
  const scale = shrinkage(size, mostPixels)
  const bitmap = await toBitmap(scale < 1 ? source.resize({ ...scaledSize(size, scale), fit: 'fill' }) : source)
  const overview = Math.min(
    1,
    overviewSide / Math.min(bitmap.width, bitmap.height),
    shrinkage(bitmap, mostOverviewPixels),
  )
  return { bitmap, overview: await resized(bitmap, scaledSize(bitmap, overview)), ...size }
}

/** The bitmap in another size. */
export async function resized(bitmap: Bitmap, size: Size): Promise<Bitmap> {
  if (size.width === bitmap.width && size.height === bitmap.height) return bitmap
  const { width, height, data } = bitmap
  return toBitmap(sharp(data, { raw: { width, height, channels: 4 } }).resize({ ...size, fit: 'fill' }))
}

async function openImage(path: string, frame: number): Promise<{ source: Sharp; size: Size }> {
  const bitmap = await readBmp(path)
  if (bitmap !== null) {
    const { width, height, data } = bitmap
    return { source: sharp(data, { raw: { width, height, channels: 4 } }), size: { width, height } }
  }
  try {
    // Whole pixels that are missing are an error; a broken colour profile is not.
    const options = { limitInputPixels: false, failOn: 'error', page: frame } as const
    const { format, autoOrient } = await sharp(path, options).metadata()
    if (!formats.includes(format)) throw new Error(`${format} is no picture made of pixels`)
    if (autoOrient.width * autoOrient.height > mostSourcePixels) throw tooLarge(what)
    return { source: sharp(path, options).autoOrient(), size: autoOrient }
  } catch (thrown) {
    throw asImageError(thrown)
  }
}

async function toBitmap(source: Sharp): Promise<Bitmap> {
  try {
    const opaque = source.flatten({ background: '#fff' }).toColourspace('srgb').ensureAlpha()
    const { data, info } = await opaque.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, data }
  } catch (thrown) {
    throw asImageError(thrown)
  }
}

function asImageError(thrown: unknown): Error {
  return thrown instanceof Error && thrown.name === 'InkstoneError' ? thrown : damaged(what, thrown)
}

/** Windows bitmaps, which sharp does not know; null for what is none. */
async function readBmp(path: string): Promise<Bitmap | null> {
  const { head, sizeBytes } = await headOf(path)
  if (head.subarray(0, 2).toString('latin1') !== 'BM' || head.length < 26) return null
  const [width, height] = [head.readInt32LE(18), Math.abs(head.readInt32LE(22))]
  if (width * height > mostPixels) throw tooLarge(what)
  // It would be drawn as far as it goes, without a word.
  if (head.readUInt32LE(2) > sizeBytes) throw damaged(what, new Error('the file is shorter than it says'))
  try {
    const image = await loadImage(await readFile(path))
    const canvas = createCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    return { width: image.width, height: image.height, data: Uint8Array.from(canvas.data()) }
  } catch (thrown) {
    throw asImageError(thrown)
  }
}

async function headOf(path: string): Promise<{ head: Buffer; sizeBytes: number }> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(26), 0, 26, 0)
    return { head: buffer.subarray(0, bytesRead), sizeBytes: (await file.stat()).size }
  } finally {
    await file.close()
  }
}
