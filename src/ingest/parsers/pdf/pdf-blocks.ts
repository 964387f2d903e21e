import type { Block, Picture } from '../../../core/types.js'
import { type BlockList, blockList } from '../block-list.js'
import { captionStart } from './pdf-captions.js'
import { continueTable } from './pdf-continued-tables.js'
import { withoutFootnotes } from './pdf-footnotes.js'
import { boxAround, type Frame, toShown } from './pdf-frame.js'
import { bodySizeOf, headingRule } from './pdf-headings.js'
import { compoundsOf, joinLines } from './pdf-join.js'
import type { LaidOutPage } from './pdf-layout.js'
import { type Line, lineBox } from './pdf-lines.js'
import { continues, type Passage, type PassageRules, passagesOf } from './pdf-paragraphs.js'
import type { OutlineEntry } from './pdf-source.js'
import { findTables, type Segment, type TableSegment } from './pdf-tables.js'

/** With fewer characters over a picture of this share of the page, the picture holds the page's text. */
const fewestCharacters = 50
const fullPicture = 0.5

type Part = Passage | TableSegment

/** The blocks of a document's pages, and the pages whose text is to be recognised instead. */
export function readBlocks(
  pages: readonly LaidOutPage[],
  outline: readonly OutlineEntry[],
): { blocks: Block[]; pictures: Picture[] } {
  const list = blockList()
  const pictures: Picture[] = []
  const readable = pages.filter((page) => page.layer === 'good').flatMap((page) => page.regions.flat())
  const lines = readable.filter((line) => line.table === undefined)
  const rules = { headings: headingRule(lines, outline), compounds: compoundsOf(lines) }
  const bodySize = bodySizeOf(lines)
  let before: TableSegment | null = null
  for (const page of pages) {
    const place = list.place({ page: page.page })
    if (page.layer === 'good') before = writePage(page, { list, rules, bodySize, before })
    else {
      writePlain(page, list)
      before = null
    }
    if (isToRecognise(page)) {
      const source = { kind: 'page', page: page.page } as const
      pictures.push({ source, ...place, replaces: list.blocks.length - place.at })
    }
  }
  return { blocks: list.blocks, pictures }
}

function isToRecognise({ layer, pictureShare, regions }: LaidOutPage): boolean {
  if (layer !== 'good') return layer !== 'blank'
  const characters = regions.flat().reduce((sum, line) => sum + line.text.length, 0)
  return pictureShare >= fullPicture && characters < fewestCharacters
}

/** Text that says nothing: no heading may come of it. */
function writePlain({ page, frame, regions }: LaidOutPage, list: BlockList): void {
  for (const region of regions) {
    const text = region.reduce((joined, line) => (joined === '' ? line.text : joinLines(joined, line.text)), '')
    list.add('paragraph', text, { page, bbox: boxOf(region, frame) })
  }
}

/** @returns the table with which the page's body ends, if it does */
function writePage(
  laidOut: LaidOutPage,
  context: { list: BlockList; rules: PassageRules; bodySize: number | null; before: TableSegment | null },
): TableSegment | null {
  const { list, rules, bodySize, before } = context
  const { page, footnotes } = withoutFootnotes(laidOut, bodySize)
  const parts = withTableCaptions(partsOf(page.regions.flatMap(findTables), rules))
  const first = parts.findIndex((part) => !isContinuedMark(part))
  const table = parts[first]
  if (before !== null && table?.kind === 'table') parts[first] = continueTable(table, before)
  writeParts(parts, { list, page })
  for (const lines of footnotes) {
    const text = lines.reduce((joined, line) => (joined === '' ? line.text : joinLines(joined, line.text, rules)), '')
    list.add('footnote', text, { page: page.page, bbox: boxOf(lines, page.frame) })
  }
  for (const { text, box } of page.aside) {
    list.add('paragraph', text, { page: page.page, bbox: toShown(box, { ...page.frame, turns: 0, isMirrored: false }) })
  }
  const last = parts.at(-1)
  return last?.kind === 'table' ? last : null
}

/** `续表 3`, `Table 3 (continued)`. */
function isContinuedMark(part: Part): boolean {
  return (
    part.kind !== 'table' && part.text.length < 100 && /^[（(]?续|continued|cont[’']?d|（续）|\(续\)/i.test(part.text)
  )
}

function partsOf(segments: readonly Segment[], rules: PassageRules): Part[] {
  const parts: Part[] = []
  for (const segment of segments) {
    if (segment.kind === 'table') {
      parts.push(segment)
      continue
    }
    const [first, ...rest] = passagesOf(segment.lines, rules)
    const open = parts.at(-1)
    if (first !== undefined && open !== undefined && open.kind !== 'table' && continues(open, first)) {
      open.text = joinLines(open.text, first.text, rules)
      open.lines.push(...first.lines)
    } else if (first !== undefined) parts.push(first)
    parts.push(...rest)
  }
  return parts
}

/** What may be a caption is one beside a table; a table's own first row may be one as well. */
function withTableCaptions(parts: readonly Part[]): Part[] {
  return parts.flatMap((part, index): Part[] => {
    if (part.kind === 'table') {
      if (part.title === '') return [part]
      return [{ kind: 'caption', level: 0, text: part.title, lines: part.lines }, part]
    }
    const isBeside = parts[index + 1]?.kind === 'table' || parts[index - 1]?.kind === 'table'
    const isCaption = isBeside && part.lines.length <= 3 && captionStart(part.text) === 'likely'
    return [isCaption ? { ...part, kind: 'caption' } : part]
  })
}

function writeParts(parts: readonly Part[], { list, page }: { list: BlockList; page: LaidOutPage }): void {
  let items: Passage[] = []
  const endList = () => {
    const text = items.map((item) => item.text).join('\n')
    if (items.length > 0)
      list.add(
        'list',
        text,
        placeOf(
          items.flatMap((item) => item.lines),
          page,
        ),
      )
    items = []
  }
  for (const part of parts) {
    if (part.kind === 'item') {
      items.push(part)
      continue
    }
    endList()
    const place = placeOf(part.lines, page)
    if (part.kind === 'table') list.table(part.rows, { ...place, hasHeader: part.hasHeader })
    else if (part.kind === 'heading') list.heading(part.text, { ...place, level: part.level })
    else list.add(part.kind, part.text, place)
  }
  endList()
}

function placeOf(lines: readonly Line[], { page, frame }: LaidOutPage) {
  return { page, bbox: boxOf(lines, frame) }
}

function boxOf(lines: readonly Line[], frame: Frame) {
  return toShown(boxAround(lines.map(lineBox)), frame)
}
