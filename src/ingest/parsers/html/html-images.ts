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

const elsewhere = /^\s*(?:(?!data:)[a-z][a-z\d+.-]*:|\/\/)/i

/**
 * Puts the pictures that a page brings along into the tray. Pictures elsewhere are no part of the file: they are never
 * fetched, and not lost. Of those that belong to it and are not there, the ones with a description are not lost either.
 * @param read the bytes of a picture beside the page; null where it is not at hand. Null for a page that stands alone
 * @returns how many pictures without a description are elsewhere
 */
export async function collectImages(
  images: readonly PlacedImage[],
  { tray, read }: { tray: PictureTray; read: ((src: string) => Promise<Uint8Array | null>) | null },
): Promise<number> {
  let linked = 0
  for (const { src, caption, place } of images) {
    const data = dataUri.exec(src)
    if (data !== null) {
      const name = `.${(data[1] ?? '').replace(/\+.*$/, '')}`
      await tray.add({ name, bytes: Buffer.from(src.slice(data[0].length), 'base64') }, place)
    } else if (read === null || elsewhere.test(src)) {
      if (caption === null && src !== '') linked += 1
    } else {
      const bytes = await read(src)
      if (bytes !== null || caption === null) await tray.add({ name: src.replace(/[?#].*$/, ''), bytes }, place)
    }
  }
  return linked
}

/** What to tell people of pictures that a file only links to. */
export function linkedWarnings(linked: number): string[] {
  return linked === 0 ? [] : [`pictures that are not in the file, only linked to: ${linked}`]
}
