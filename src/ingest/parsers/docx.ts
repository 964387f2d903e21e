import mammoth from 'mammoth'
import { InkstoneError } from '../../core/errors.js'
import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { htmlBlocks } from './html-blocks.js'
import { parseHtml } from './html-tree.js'

export const docxMediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Chinese Word names its heading styles in English inside the file, WPS and other programs do not. */
const styleMap = [
  ...[1, 2, 3, 4, 5, 6].flatMap((level) => [
    `p[style-name='标题 ${level}'] => h${level}:fresh`,
    `p[style-name='标题${level}'] => h${level}:fresh`,
  ]),
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='标题'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  // A table of contents repeats the headings with page numbers: it would be found before the text itself.
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((level) => [
    `p[style-name='toc ${level}'] => !`,
    `p[style-name='TOC ${level}'] => !`,
  ]),
]

/** Word documents (.docx): headings, paragraphs, lists, tables, foot- and endnotes. The caller has let its archive through. */
export function docxParser(): Parser {
  return { mediaTypes: [docxMediaType], parse: readDocx }
}

async function readDocx(bytes: Uint8Array): Promise<ParsedFile> {
  let images = 0
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const convertImage = mammoth.images.imgElement(async () => {
    images += 1
    return { src: '' }
  })
  const { value, messages } = await convert({ buffer }, { styleMap, convertImage, externalFileAccess: false })
  const hasHeadings = /<h[1-6][ >]/.test(value)
  const blocks = htmlBlocks(parseHtml(value), { numberedHeadings: !hasHeadings })
  const titled = blocks.find((block) => block.kind === 'heading' && block.level === 1)
  const hasFormulas = messages.some((message) => /m:oMath/.test(message.message))
  return {
    title: titled?.text ?? null,
    mediaType: docxMediaType,
    pageCount: null,
    blocks,
    warnings: [
      ...(images > 0 ? [`text inside ${images} ${images === 1 ? 'picture' : 'pictures'} was not read`] : []),
      ...(hasFormulas ? ['formulas were not read'] : []),
    ],
    metadata: {},
  }
}

async function convert(...[input, options]: Parameters<typeof mammoth.convertToHtml>) {
  try {
    return await mammoth.convertToHtml(input, options)
  } catch (cause) {
    throw new InkstoneError('file_corrupt', 'the Word document is damaged: its main part cannot be read', {
      remedy: 'open it in Word and save it again',
      cause,
    })
  }
}
