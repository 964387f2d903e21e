import type { BlockList } from './block-list.js'
import { numberedHeadingLevel } from './numbered-heading.js'
import type { PicturePlace } from './picture-tray.js'

/** What a reader of office files yields, in reading order. */
export type FlowBlock =
  | { kind: 'paragraph' | 'list' | 'caption' | 'code' | 'footnote'; text: string }
  | { kind: 'heading'; text: string; level: number; isTitle: boolean }
  | { kind: 'table'; rows: string[][]; hasHeader: boolean }
  /** `target` is its name inside the archive, null where it is only linked. */
  | { kind: 'picture'; target: string | null }

export interface PlacedPicture {
  target: string | null
  place: PicturePlace
}

/**
 * Adds the blocks to the list. Returns the pictures that stand between them.
 * @param numberedHeadings takes short numbered paragraphs, such as 第一章 总则, for headings
 */
export function addFlow(
  list: BlockList,
  blocks: readonly FlowBlock[],
  { page = null, numberedHeadings = false }: { page?: number | null; numberedHeadings?: boolean } = {},
): PlacedPicture[] {
  const pictures: PlacedPicture[] = []
  for (const block of blocks) {
    if (block.kind === 'picture') pictures.push({ target: block.target, place: list.place({ page }) })
    else if (block.kind === 'table') list.table(block.rows, { page, hasHeader: block.hasHeader })
    else {
      const level = levelOf(block, numberedHeadings)
      if (level !== null) list.heading(block.text, { level, page })
      else if (block.kind !== 'heading') list.add(block.kind, block.text, { page })
    }
  }
  return pictures
}

/** A list of one item may be a heading that its program has numbered. */
function levelOf(block: Exclude<FlowBlock, { kind: 'table' | 'picture' }>, numberedHeadings: boolean): number | null {
  if (block.kind === 'heading') return block.level
  const mayBeHeading = numberedHeadings && (block.kind === 'paragraph' || block.kind === 'list')
  return mayBeHeading && !block.text.includes('\n') ? numberedHeadingLevel(block.text) : null
}

/** A flow's text on one line, its tables and pictures left out. */
export function flowText(blocks: readonly FlowBlock[]): string {
  const texts = blocks.map((block) => ('text' in block ? block.text : ''))
  return texts.join(' ').replace(/\s+/g, ' ').trim()
}
