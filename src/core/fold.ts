import { withoutRadicals } from './radicals.js'
import { simplifiedCharacters } from './simplified.js'

/**
 * Makes alike what is the same to a reader, for matching only: NFKC (widths, ligatures), radicals, traditional and
 * simplified characters, dashes, and the × of sizes such as `M12x1.75`. Letters keep their case.
 */
export function foldShapes(text: string): string {
  return simplifiedCharacters(withoutRadicals(text).normalize('NFKC'))
    .replace(/[‐‑‒–−]/g, '-')
    .replace(/(?<=\d)[xX✕✖*](?=\d)/g, '×')
}
