import type { Block, BlockKind, BoundingBox, Picture } from '../../core/types.js'
import { cleanText, oneLine } from './clean-text.js'
import { tableTexts } from './table-texts.js'

/** Where a block stands, as far as the format knows. */
export interface BlockPlace {
  page?: number | null
  bbox?: BoundingBox
}

export interface BlockList {
  readonly blocks: Block[]
  heading(text: string, options: BlockPlace & { level: number }): void
  /** @param options `confidence` of recognised text, 0 to 1 */
  add(kind: Exclude<BlockKind, 'heading' | 'table'>, text: string, options?: BlockPlace & { confidence?: number }): void
  /** `rows[0]` is the header unless `hasHeader` is false. A long table becomes several blocks. */
  table(rows: string[][], options?: BlockPlace & { hasHeader?: boolean }): void
  /** Where a picture stands that is met now: before the block that is added next. */
  place(options?: { page?: number | null }): Pick<Picture, 'page' | 'headingPath' | 'at'>
}

/** Collects a parser's blocks: cleans their text, leaves out empty ones and keeps each block's heading path. */
export function blockList(): BlockList {
  const blocks: Block[] = []
  let open: { level: number; text: string }[] = []
  const headingPath = () => open.map((heading) => heading.text)

  return {
    blocks,
    place: ({ page = null } = {}) => ({ page, headingPath: headingPath(), at: blocks.length }),
    heading(text, { level, ...place }) {
      const clean = oneLine(text)
      if (clean === '') return
      const depth = Math.min(Math.max(Math.trunc(level), 1), 6)
      open = open.filter((heading) => heading.level < depth)
      blocks.push({ kind: 'heading', text: clean, headingPath: headingPath(), level: depth, ...placed(place) })
      open.push({ level: depth, text: clean })
    },
    add(kind, text, { confidence, ...place } = {}) {
      const clean = withoutBlankEdges(cleanText(text))
      if (clean === '') return
      const sure = confidence === undefined ? {} : { confidence }
      blocks.push({ kind, text: clean, headingPath: headingPath(), ...placed(place), ...sure })
    },
    table(rows, { hasHeader = true, ...place } = {}) {
      for (const text of tableTexts(rows, { hasHeader })) {
        blocks.push({ kind: 'table', text, headingPath: headingPath(), ...placed(place) })
      }
    },
  }
}

function placed({ page = null, bbox }: BlockPlace): { page: number | null; bbox?: BoundingBox } {
  return bbox === undefined ? { page } : { page, bbox }
}

/** Leading blank lines and trailing white space go; the indentation of the first line stays. */
function withoutBlankEdges(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd()
}
