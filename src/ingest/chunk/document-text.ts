import type { Block, DocumentText, PageText, PlacedBlock } from '../../core/types.js'
import { type TimeSlices, timeSlices } from './time-slices.js'

const separator = '\n\n'
const blocksPerPart = 1000

/**
 * Joins blocks to a document's text with one blank line between them. Blocks without text are left out. The pages' spans
 * follow each other without a gap and cover the whole text; a page without text, between two that have some, has an
 * empty span. Other work of the process goes on meanwhile.
 * @param blocks in reading order: page numbers never fall
 * @throws InkstoneError `cancelled`
 */
export async function documentText(
  blocks: readonly Block[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<DocumentText> {
  const slices = timeSlices({ signal })
  const placed: PlacedBlock[] = []
  const parts: string[] = []
  let texts: string[] = []
  let end = 0
  for (const block of blocks) {
    if (slices.isOver()) await slices.next()
    if (block.text.trim() === '') continue
    const start = placed.length === 0 ? 0 : end + separator.length
    end = start + block.text.length
    placed.push({ ...block, span: { start, end } })
    texts.push(block.text)
    if (texts.length === blocksPerPart) {
      parts.push(texts.join(separator))
      texts = []
    }
  }
  if (texts.length > 0) parts.push(texts.join(separator))
  const text = parts.join(separator)
  return { text, blocks: placed, pages: await pagesOf(placed, text, slices) }
}

async function pagesOf(blocks: readonly PlacedBlock[], text: string, slices: TimeSlices): Promise<PageText[]> {
  const starts: { page: number | null; start: number }[] = []
  for (const { page, span } of blocks) {
    if (slices.isOver()) await slices.next()
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
