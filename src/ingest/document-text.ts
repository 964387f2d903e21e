import type { Block, DocumentText, PageText, PlacedBlock } from '../core/types.js'

const separator = '\n\n'

/**
 * Joins blocks to a document's text with one blank line between them. Blocks without text are left out. The pages' spans
 * follow each other without a gap and cover the whole text; a page without text, between two that have some, has an
 * empty span.
 * @param blocks in reading order: page numbers never fall
 */
export function documentText(blocks: readonly Block[]): DocumentText {
  const placed: PlacedBlock[] = []
  let end = 0
  for (const block of blocks) {
    if (block.text.trim() === '') continue
    const start = placed.length === 0 ? 0 : end + separator.length
    end = start + block.text.length
    placed.push({ ...block, span: { start, end } })
  }
  const text = placed.map((block) => block.text).join(separator)
  return { text, blocks: placed, pages: pagesOf(placed, text) }
}

function pagesOf(blocks: readonly PlacedBlock[], text: string): PageText[] {
  const starts: { page: number | null; start: number }[] = []
  for (const { page, span } of blocks) {
    const last = starts.at(-1)
    // The first page that has text begins the document, whatever its number.
    if (last === undefined) starts.push({ page, start: 0 })
    else if (page !== null && last.page !== null && page > last.page) {
      for (let number = last.page + 1; number <= page; number += 1) starts.push({ page: number, start: span.start })
    }
  }
  return starts.map(({ page, start }, index) => {
    const span = { start, end: starts[index + 1]?.start ?? text.length }
    return { page, span, text: text.slice(span.start, span.end) }
  })
}
