import { InkstoneError } from '../../core/errors.js'
import type { Bitmap } from './bitmap.js'

/** A picture as the recognition looks at it. */
export interface DrawnPicture {
  /** Fine enough for reading. */
  bitmap: Bitmap
  /** Fine enough for seeing where text is: the same picture, smaller. */
  overview: Bitmap
  /** Its size in what places on it are told in: points of a page, pixels of an image. */
  width: number
  height: number
}

export interface Size {
  width: number
  height: number
}

/** Enough for any page, and few enough for memory: what has more is made smaller. */
export const mostPixels = 12_000_000
export const mostOverviewPixels = 6_000_000
/** Of no more can a canvas be made. */
const mostSide = 16_000
/** A larger file is not opened. */
export const mostFileBytes = 1024 ** 3

/** By how much a picture has to be scaled to have at most so many pixels, and sides that can be; never enlarged. */
export function shrinkage({ width, height }: Size, most: number): number {
  return Math.min(1, Math.sqrt(most / (width * height)), mostSide / Math.max(width, height))
}

export function scaledSize({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

export function damaged(what: string, cause: unknown): InkstoneError {
  return new InkstoneError('file_corrupt', `${what} is damaged and cannot be drawn`, {
    remedy: 'copy, download or scan it again and add it again',
    cause,
  })
}

export function tooLarge(what: string): InkstoneError {
  return new InkstoneError('ocr_failed', `${what} is too large for the text recognition`, {
    remedy: 'save it in a smaller resolution, or split it, and add it again',
  })
}
