import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Picture } from '../../core/types.js'
import { imageHeader } from './image-header.js'
import type { LossList } from './losses.js'

/** A line of text needs some pixels: what is smaller than this on one side is a mark or a rule. */
const leastSidePixels = 50

/** Where the text of a picture will stand: before the block `at`. */
export type PicturePlace = Pick<Picture, 'page' | 'headingPath' | 'at'>

export interface PictureTray {
  /**
   * Puts a picture into the scratch folder, to have its text recognised. The same picture counts once, where it stands
   * first: a logo is repeated on every slide.
   * @param image `bytes` are null where the file does not hold the picture; the ending of its name tells its kind
   */
  add(image: { name: string; bytes: Uint8Array | null }, place: PicturePlace): Promise<void>
  /** In the order of `at`. */
  readonly pictures: Picture[]
}

/** Collects a file's pictures. What cannot be recognised becomes a loss, what is too small to hold text does not. */
export function pictureTray({
  scratchDir,
  losses,
  mostPictures = 500,
}: {
  scratchDir: string
  losses: LossList
  mostPictures?: number
}): PictureTray {
  const kept: Picture[] = []
  const seen = new Set<string>()
  return {
    get pictures() {
      return kept.toSorted((one, other) => one.at - other.at)
    },
    async add({ name, bytes }, { page, headingPath, at }) {
      if (bytes === null) {
        losses.add('image', 'pictures that the file refers to but does not hold', page)
        return
      }
      const hash = createHash('sha256').update(bytes).digest('hex')
      if (seen.has(hash)) return
      seen.add(hash)
      const header = imageHeader(bytes)
      if (header === null) losses.add('image', unreadable(name), page)
      else if (Math.min(header.width, header.height) < leastSidePixels) return
      else if (kept.length >= mostPictures) losses.add('image', `pictures beyond the first ${mostPictures}`, page)
      else {
        const path = join(scratchDir, `picture-${kept.length + 1}.${header.format}`)
        await writeFile(path, bytes)
        kept.push({ source: { kind: 'file', path }, page, headingPath, at, replaces: 0 })
      }
    },
  }
}

function unreadable(name: string): string {
  const ending = /\.([a-z]{2,5})$/i.exec(name)?.[1]?.toUpperCase() ?? ''
  const isReadable = /^(?:PNG|JPE?G|GIF|BMP|TIFF?|WEBP)$/.test(ending)
  return ending === '' || isReadable ? 'damaged pictures' : `${ending} pictures, a format that cannot be recognised`
}
