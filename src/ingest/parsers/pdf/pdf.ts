import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { lossList } from '../losses.js'
import { readBlocks } from './pdf-blocks.js'
import { earlyReader } from './pdf-early.js'
import { layOut } from './pdf-layout.js'
import { openPdf, type SourcePage } from './pdf-source.js'

const mediaType = 'application/pdf'
const damagedPages = 'damaged pages could not be read'
/** Where a file's list of pages is damaged, pdf.js finds none after that place. */
const damagedEnd = 'the file is damaged: this page and any after it could not be read'
/** Share of a page that its pictures cover: below they are ornaments, above they are the page's background. */
const largePictures = { from: 0.15, to: 0.85 }

/**
 * PDF files: pages kept, running heads removed, headings by size, outline and numbering, tables by rulings and alignment.
 * Pages without a usable text layer become pictures. Encrypted files open with one of the given passwords.
 */
export function pdfParser(): Parser {
  return { mediaTypes: [mediaType], parse: readPdf }
}

async function readPdf(
  bytes: Uint8Array,
  { passwords, follower }: Pick<ParseContext, 'passwords' | 'follower'>,
): Promise<ParsedFile> {
  const source = await openPdf(bytes, { passwords })
  try {
    const { author, outline, pageCount } = source
    const title = isFileName(source.title) ? null : source.title
    const early = earlyReader({ title, outline, pageCount }, follower)
    const read: (SourcePage & { page: number })[] = []
    const lost = lossList()
    let number = 0
    for await (const page of source.pages()) {
      number += 1
      if (page === null) lost.add('page', number === pageCount ? damagedEnd : damagedPages, number)
      else read.push({ ...page, page: number })
      await early.look(read)
    }
    const pages = layOut(read)
    const { blocks, pictures } = readBlocks(pages, outline)
    const recognised = new Set(pictures.map((picture) => picture.page))
    for (const { page, pictureShare } of pages) {
      const isLarge = pictureShare > largePictures.from && pictureShare < largePictures.to
      if (isLarge && !recognised.has(page)) lost.add('image', 'large pictures may hold text that was not read', page)
    }
    return {
      title,
      mediaType,
      pageCount,
      blocks,
      pictures,
      members: [],
      losses: lost.losses,
      warnings: [],
      metadata: author === null ? {} : { author },
    }
  } finally {
    await source.close()
  }
}

/** Word leaves the name of its own file as the title. */
function isFileName(title: string | null): boolean {
  return (
    title !== null && /\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|html?)$|^(?:Microsoft Word|untitled|无标题)/i.test(title)
  )
}
