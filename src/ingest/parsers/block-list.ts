import type { Block, BlockKind } from '../../core/types.js'
import { cleanText, oneLine } from './clean-text.js'
import { tableTexts } from './table-texts.js'

export interface BlockList {
  readonly blocks: Block[]
  heading(text: string, options: { level: number; page?: number | null }): void
  add(kind: Exclude<BlockKind, 'heading' | 'table'>, text: string, options?: { page?: number | null }): void
  /** `rows[0]` is the header unless `hasHeader` is false. A long table becomes several blocks. */
  table(rows: string[][], options?: { page?: number | null; hasHeader?: boolean }): void
}

/** Collects a parser's blocks: cleans their text, leaves out empty ones and keeps each block's heading path. */
export function blockList(): BlockList {
  const blocks: Block[] = []
  let open: { level: number; text: string }[] = []
  const path = () => open.map((heading) => heading.text)

  return {
    blocks,
    heading(text, { level, page = null }) {
      const clean = oneLine(text)
      if (clean === '') return
      const depth = Math.min(Math.max(Math.trunc(level), 1), 6)
      open = open.filter((heading) => heading.level < depth)
      blocks.push({ kind: 'heading', text: clean, page, headingPath: path(), level: depth })
      open.push({ level: depth, text: clean })
    },
    add(kind, text, { page = null } = {}) {
      const clean = withoutBlankEdges(cleanText(text))
      if (clean !== '') blocks.push({ kind, text: clean, page, headingPath: path() })
    },
    table(rows, { page = null, hasHeader = true } = {}) {
      for (const text of tableTexts(rows, { hasHeader })) {
        blocks.push({ kind: 'table', text, page, headingPath: path() })
      }
    },
  }
}

/** Leading blank lines and trailing white space go; the indentation of the first line stays. */
function withoutBlankEdges(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd()
}
