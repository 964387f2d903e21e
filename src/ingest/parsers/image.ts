import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metadata } from 'sharp'
import { InkstoneError } from '../../core/errors.js'
import type { ParseContext, Parser } from '../../core/ports.js'
import type { ParsedFile, Picture } from '../../core/types.js'
import { readBitmap } from './bitmap.js'
import { imageHeader } from './image-header.js'
import { type LossList, lossList } from './losses.js'

const mediaTypes = ['image/png', 'image/jpeg', 'image/tiff', 'image/webp', 'image/gif', 'image/bmp']

export interface ImageLimits {
  /** Of one page. */
  maxPixels?: number
  maxPages?: number
}

/**
 * Pictures and scans (PNG, JPEG, TIFF of one or more pages, WebP, GIF, BMP): no text of their own, one picture a page to
 * have its text recognised. Only the header is decoded here, unless pages have to be taken apart.
 */
export function imageParser({ maxPixels = 200_000_000, maxPages = 1000 }: ImageLimits = {}): Parser {
  return { mediaTypes, parse: (bytes, context) => readImage(bytes, context, { maxPixels, maxPages }) }
}

async function readImage(
  bytes: Uint8Array,
  { scratchDir }: ParseContext,
  limits: Required<ImageLimits>,
): Promise<ParsedFile> {
  const header = imageHeader(bytes)
  if (header === null) throw damaged()
  checkPixels(header, limits.maxPixels)
  const losses = lossList()
  const isBitmap = header.format === 'bmp'
  const metadata = isBitmap ? header : await metadataOf(bytes)
  checkPixels(metadata, limits.maxPixels)
  const pages = header.format === 'tiff' && 'pages' in metadata ? (metadata.pages ?? 1) : 1
  if (pages > limits.maxPages) throw tooManyPages(pages, limits.maxPages)
  const path = (page: number, ending: string) => join(scratchDir, `page-${page}.${ending}`)
  const written: { page: number; path: string }[] = []
  if (isBitmap) written.push({ page: 1, path: await writeBitmap(bytes, path(1, 'png')) })
  else if (pages === 1) {
    await writeFile(path(1, header.format), bytes)
    written.push({ page: 1, path: path(1, header.format) })
  } else written.push(...(await writePages(bytes, { pages, path, losses, maxPixels: limits.maxPixels })))
  if (written.length === 0) throw damaged()
  const isAnimated = pages === 1 && 'pages' in metadata && (metadata.pages ?? 1) > 1
  return {
    title: null,
    mediaType: `image/${header.format}`,
    pageCount: pages,
    blocks: [],
    pictures: written.map(toPicture),
    members: [],
    losses: losses.losses,
    warnings: isAnimated ? ['only the first picture of the animation was read'] : [],
    metadata: { width: metadata.width, height: metadata.height },
  }
}

function toPicture({ page, path }: { page: number; path: string }): Picture {
  return { source: { kind: 'file', path }, page, headingPath: [], at: 0, replaces: 0 }
}

async function metadataOf(bytes: Uint8Array): Promise<Metadata> {
  // The library is large: only pictures need it.
  const { default: sharp } = await import('sharp')
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (cause) {
    throw damaged(cause)
  }
}

async function writeBitmap(bytes: Uint8Array, path: string): Promise<string> {
  const pixels = readBitmap(bytes)
  if (pixels === null) throw damaged()
  const { default: sharp } = await import('sharp')
  const { width, height, data } = pixels
  await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png()
    .toFile(path)
  return path
}

interface PageOptions {
  pages: number
  path(page: number, ending: string): string
  losses: LossList
  maxPixels: number
}

/** One page that is damaged does not keep the others from being read. */
async function writePages(
  bytes: Uint8Array,
  { pages, path, losses, maxPixels }: PageOptions,
): Promise<{ page: number; path: string }[]> {
  const { default: sharp } = await import('sharp')
  const written: { page: number; path: string }[] = []
  for (let page = 1; page <= pages; page += 1) {
    try {
      await sharp(bytes, { page: page - 1, limitInputPixels: maxPixels })
        .png({ compressionLevel: 3 })
        .toFile(path(page, 'png'))
      written.push({ page, path: path(page, 'png') })
    } catch {
      losses.add('page', 'the page is damaged or too large', page)
    }
  }
  return written
}

function checkPixels({ width, height }: { width: number; height: number }, maxPixels: number): void {
  if (width * height <= maxPixels) return
  throw new InkstoneError('parse_memory', `the picture has ${width} × ${height} pixels, more than can be read`, {
    remedy: `make it smaller, or split it into parts of at most ${Math.floor(maxPixels / 1_000_000)} million pixels`,
  })
}

function tooManyPages(pages: number, maxPages: number): InkstoneError {
  return new InkstoneError('archive_bomb', `the picture has ${pages} pages, more than ${maxPages}`, {
    remedy: 'split it into several files',
  })
}

function damaged(cause?: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', 'the picture is damaged, or of a kind that cannot be read', {
    remedy: 'open it in a program that shows it and save it as PNG or JPEG',
    cause,
  })
}
