import type { Parser } from '../../core/ports.js'
import type { ParsedFile } from '../../core/types.js'
import { type BlockList, blockList } from './block-list.js'
import { readingOrder } from './pdf-columns.js'
import { type LaidOutPage, withoutFurniture } from './pdf-furniture.js'
import { type HeadingRule, headingRule } from './pdf-headings.js'
import { continues, joinLines, type Passage, passagesOf } from './pdf-paragraphs.js'
import { type OutlineEntry, openPdf } from './pdf-source.js'
import { findTables } from './pdf-tables.js'

const mediaType = 'application/pdf'
const mostPagesNamed = 20

/** PDF files with a text layer: pages kept, running heads removed, headings by size, outline and numbering. */
export function pdfParser(): Parser {
  return { mediaTypes: [mediaType], parse: readPdf }
}

async function readPdf(bytes: Uint8Array): Promise<ParsedFile> {
  const source = await openPdf(bytes)
  try {
    const { title, author, outline, pageCount } = source
    const pages: LaidOutPage[] = []
    const damaged: number[] = []
    const empty: number[] = []
    let number = 0
    for await (const text of source.pages()) {
      number += 1
      if (text === null) damaged.push(number)
      else if (text.runs.length === 0) empty.push(number)
      else {
        const { page, height, runs, aside } = text
        pages.push({ page, height, aside, regions: readingOrder(runs) })
      }
    }
    return {
      title: isFileName(title) ? null : title,
      mediaType,
      pageCount,
      blocks: readBlocks(pages, outline),
      warnings: [
        ...(damaged.length > 0 ? [`${namePages(damaged)} could not be read`] : []),
        ...(empty.length > 0 ? [`no text on ${namePages(empty)}: pictures and scans are not read`] : []),
        ...(looksGarbled(pages)
          ? ['parts of the text are garbled: its fonts do not say which characters they show']
          : []),
      ],
      metadata: author === null ? {} : { author },
    }
  } finally {
    await source.close()
  }
}

function readBlocks(pages: readonly LaidOutPage[], outline: readonly OutlineEntry[]): ParsedFile['blocks'] {
  const list = blockList()
  const kept = withoutFurniture(pages)
  const rule = headingRule(
    kept.flatMap((page) => page.regions.flat()),
    outline,
  )
  for (const page of kept) readPage(page, { list, rule })
  return list.blocks
}

function readPage({ page, regions, aside }: LaidOutPage, { list, rule }: { list: BlockList; rule: HeadingRule }): void {
  let passages: Passage[] = []
  const write = () => {
    writePassages(passages, { list, page })
    passages = []
  }
  for (const segment of regions.flatMap(findTables)) {
    if (segment.kind === 'table') {
      write()
      list.table(segment.rows, { page, hasHeader: segment.hasHeader })
      continue
    }
    const [first, ...rest] = passagesOf(segment.lines, rule)
    const open = passages.at(-1)
    if (first !== undefined && open !== undefined && continues(open, first)) {
      open.text = joinLines(open.text, first.text)
      open.lines.push(...first.lines)
    } else if (first !== undefined) passages.push(first)
    passages.push(...rest)
  }
  write()
  for (const text of aside) list.add('paragraph', text, { page })
}

function writePassages(passages: readonly Passage[], { list, page }: { list: BlockList; page: number }): void {
  let items: string[] = []
  const endList = () => {
    list.add('list', items.join('\n'), { page })
    items = []
  }
  for (const { kind, text, level } of passages) {
    if (kind === 'item') {
      items.push(text)
      continue
    }
    endList()
    if (kind === 'heading') list.heading(text, { level, page })
    else list.add('paragraph', text, { page })
  }
  endList()
}

/** Word leaves the name of its own file as the title. */
function isFileName(title: string | null): boolean {
  return (
    title !== null && /\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|html?)$|^(?:Microsoft Word|untitled|无标题)/i.test(title)
  )
}

function namePages(pages: readonly number[]): string {
  const more = pages.length > mostPagesNamed ? ` and ${pages.length - mostPagesNamed} more` : ''
  return `${pages.length === 1 ? 'page' : 'pages'} ${pages.slice(0, mostPagesNamed).join(', ')}${more}`
}

function looksGarbled(pages: readonly LaidOutPage[]): boolean {
  const text = pages.flatMap((page) => page.regions.flat().map((line) => line.text)).join('')
  const odd = text.match(/[\uE000-\uF8FF\uFFFD]/g)?.length ?? 0
  return odd > text.length * 0.05
}
