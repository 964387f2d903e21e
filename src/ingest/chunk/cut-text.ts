import type { Span } from '../../core/types.js'

const boundaries = [/\n/g, /[。！？；.!?;]+["”’」』）)]*/g, /[，、：,:]["”’」』]*/g, /\s+/g]
const cellBoundary = / \| /g
/** A boundary counts when it leaves at least this share of the piece. */
const leastFilled = 0.5

/**
 * Cuts a text at its best boundaries into pieces of at most `maxCharacters`: at line ends, then sentences, clauses,
 * spaces, and between any two characters at last; a table row between its cells first. A surrogate pair is never cut.
 * The spans cover the text without a gap.
 */
export function cutText(text: string, maxCharacters: number, { isRow = false }: { isRow?: boolean } = {}): Span[] {
  const limit = Math.max(2, Math.floor(maxCharacters))
  const tried = isRow ? [cellBoundary, ...boundaries] : boundaries
  const spans: Span[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + limit >= text.length ? text.length : start + bestCut(text.slice(start, start + limit), tried)
    spans.push({ start, end })
    start = end
  }
  return spans
}

function bestCut(window: string, tried: readonly RegExp[]): number {
  for (const boundary of tried) {
    let cut = 0
    for (const match of window.matchAll(boundary)) cut = match.index + match[0].length
    if (cut >= window.length * leastFilled) return cut
  }
  const isCutPair = /[\uD800-\uDBFF]$/.test(window)
  return isCutPair ? window.length - 1 : window.length
}
