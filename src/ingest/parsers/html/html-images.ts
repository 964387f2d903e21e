import type { PicturePlace, PictureTray } from '../picture-tray.js'
import { pictureCaption } from '../pptx/slide.js'
import { attribute, descendants, type HtmlElement } from './html-tree.js'

/** A picture in a page. */
export interface HtmlImage {
  src: string
  /** What a person wrote about it; null where nobody did. */
  caption: string | null
}

export interface PlacedImage extends HtmlImage {
  place: PicturePlace
}

/** Smaller ones, by what the page says itself, are marks and counters. */
const leastSidePixels = 50

/** The picture that an element shows, or null: too small, hidden, or none. */
export function imageOf(element: HtmlElement): HtmlImage | null {
  if (element.tagName === 'svg') {
    for (const inner of descendants(element)) {
      const src = attribute(inner, 'href') ?? attribute(inner, 'xlink:href')
      if (inner.tagName === 'image' && src !== null) return { src, caption: null }
    }
    return null
  }
  if (element.tagName !== 'img' || attribute(element, 'aria-hidden') === 'true') return null
  const sides = ['width', 'height'].map((name) => Number.parseFloat(attribute(element, name) ?? ''))
  if (sides.some((side) => side < leastSidePixels)) return null
  return { src: attribute(element, 'src') ?? '', caption: pictureCaption(attribute(element, 'alt') ?? '') }
}

/** The pictures below an element. */
export function imagesIn(element: HtmlElement): HtmlImage[] {
  return [...descendants(element)].flatMap((inner) => imageOf(inner) ?? [])
}

const dataUri = /^data:image\/([a-z+.-]{2,20});base64,/i

/**
 * Puts the pictures that a page brings along into the tray. Pictures elsewhere are never fetched; where their description
 * is known they are not lost.
 * @param read the bytes of a picture that is no data URI; null where it is not at hand
 */
export async function collectImages(
  images: readonly PlacedImage[],
  { tray, read }: { tray: PictureTray; read(src: string): Promise<Uint8Array | null> },
): Promise<void> {
  for (const { src, caption, place } of images) {
    const data = dataUri.exec(src)
    const bytes = data === null ? await read(src) : Buffer.from(src.slice(data[0].length), 'base64')
    const name = data === null ? src.replace(/[?#].*$/, '') : `.${(data[1] ?? '').replace(/\+.*$/, '')}`
    if (bytes !== null || caption === null) await tray.add({ name, bytes }, place)
  }
}
