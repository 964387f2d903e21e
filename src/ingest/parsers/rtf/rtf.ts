import type { ParseContext, Parser } from '../../../core/ports.js'
import type { ParsedFile } from '../../../core/types.js'
import { type BlockList, blockList } from '../block-list.js'
import { oneLine } from '../clean-text.js'
import { lossList } from '../losses.js'
import { numberedHeadingLevel } from '../numbered-heading.js'
import { type PictureTray, pictureTray } from '../picture-tray.js'
import type { RtfItem, RtfParagraph } from './rtf-flow.js'
import { readRtf } from './rtf-reader.js'
import type { RtfDocument } from './rtf-state.js'
import { rtfTable } from './rtf-tables.js'

const mediaType = 'application/rtf'

/** Rich text (.rtf): headings by outline and style, lists, tables with merged cells, footnotes, pictures. */
export function rtfParser(): Parser {
  return {
    mediaTypes: [mediaType],
    parse: async (bytes, context) =>
      toParsedFile(readRtf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)), context),
  }
}

async function toParsedFile(document: RtfDocument, { scratchDir }: ParseContext): Promise<ParsedFile> {
  const list = blockList()
  const losses = lossList()
  const pictures = pictureTray({ scratchDir, losses })
  await addItems(list, document.items, pictures)
  for (let object = 0; object < Math.min(document.objects, mostObjectsCounted); object += 1) {
    losses.add('object', 'an embedded object of another program')
  }
  if (document.isCutOff) losses.add('text', 'the file is cut off: what followed is missing')
  const [title, author] = [oneLine(document.title), oneLine(document.author)]
  const first = list.blocks.find((block) => block.kind === 'heading' && block.level === 1)
  return {
    title: title === '' ? (first?.text ?? null) : title,
    mediaType,
    pageCount: null,
    blocks: list.blocks,
    pictures: pictures.pictures,
    members: [],
    losses: losses.losses,
    warnings: [],
    metadata: author === '' ? {} : { author },
  }
}

const mostObjectsCounted = 100_000

async function addItems(list: BlockList, items: readonly RtfItem[], pictures: PictureTray): Promise<void> {
  const hasHeadings = items.some((item) => item.kind === 'paragraph' && item.level !== null)
  let listItems: string[] = []
  const endList = () => {
    list.add('list', listItems.join('\n'))
    listItems = []
  }
  for (const item of items) {
    const isListItem = item.kind === 'paragraph' && item.level === null && (item.listDepth !== null || item.mark !== '')
    if (isListItem) {
      listItems.push(listLine(item))
      continue
    }
    endList()
    if (item.kind === 'table') {
      const { rows, hasHeader } = rtfTable(item.rows)
      list.table(rows, { hasHeader })
    } else if (item.kind === 'picture') {
      const name = `picture.${item.format}`
      await pictures.add({ name, bytes: item.bytes }, list.place())
    } else if (item.kind === 'footnote') list.add('footnote', item.text)
    else addParagraph(list, item, { hasHeadings })
  }
  endList()
}

function listLine({ text, mark, listDepth }: RtfParagraph): string {
  const isNumber = /[\p{L}\p{N}]/u.test(mark)
  return `${'  '.repeat(listDepth ?? 0)}${isNumber ? oneLine(mark) : '-'} ${oneLine(text)}`
}

function addParagraph(
  list: BlockList,
  { text, mark, level }: RtfParagraph,
  { hasHeadings }: { hasHeadings: boolean },
): void {
  const numbered = hasHeadings ? null : numberedHeadingLevel(text)
  const depth = level ?? numbered
  const isNumber = /[\p{L}\p{N}]/u.test(mark)
  if (depth === null) list.add('paragraph', text)
  else list.heading(isNumber ? `${mark} ${text}` : text, { level: depth })
}
