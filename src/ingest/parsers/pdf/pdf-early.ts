import type { ParseFollower } from '../../../core/ports.js'
import type { Block } from '../../../core/types.js'
import { readBlocks } from './pdf-blocks.js'
import { neighbours } from './pdf-furniture.js'
import { layOut } from './pdf-layout.js'
import type { OutlineEntry, SourcePage } from './pdf-source.js'

/** Headings and running heads are judged by so many pages at first, and again whenever there are twice as many. */
const firstPages = 16
/** By then there is enough to embed while thousands more are read, and the limit on a file's processor time stays its own. */
const lastPages = 1024

export interface EarlyReader {
  /** @param read all pages so far, in order */
  look(read: readonly (SourcePage & { page: number })[]): Promise<void>
}

/**
 * Tells what a long document's pages hold while the rest is read, by what is known so far. Twice as many pages each time
 * make it no more than double work, without what pdf.js does. Pages that are to be recognised are left out.
 */
export function earlyReader(
  { title, outline, pageCount }: { title: string | null; outline: readonly OutlineEntry[]; pageCount: number },
  follower: ParseFollower | undefined,
): EarlyReader {
  let nextLook = firstPages
  let toldTo = 0
  return {
    async look(read) {
      follower?.onPages({ done: read.length, total: pageCount })
      if (follower === undefined || pageCount < 2 * firstPages) return
      if (read.length < nextLook || nextLook > lastPages) return
      nextLook = read.length * 2
      // What stands on the pages after it decides what is a running head.
      const last = read.at(-1 - neighbours)?.page ?? 0
      const blocks = surePages(read, { outline, after: toldTo, last })
      toldTo = last
      if (blocks.length > 0) await follower.onEarly({ title, blocks })
    },
  }
}

function surePages(
  read: readonly (SourcePage & { page: number })[],
  { outline, after, last }: { outline: readonly OutlineEntry[]; after: number; last: number },
): Block[] {
  const { blocks, pictures } = readBlocks(layOut(read), outline)
  const toRecognise = new Set(pictures.map((picture) => picture.page))
  return blocks.filter(({ page }) => page !== null && page > after && page <= last && !toRecognise.has(page))
}
