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

/** What the characters of the Basic Multilingual Plane fold into, with those that do: `-` has ten, `°C` has ℃. */
const foldedFrom = (() => {
  const all = Array.from({ length: 0x10000 - 0xa0 }, (_, at) => String.fromCharCode(0xa0 + at)).filter((character) =>
    /[^\p{Cs}\p{Co}\p{Cn}\s]/u.test(character),
  )
  const folded = foldShapes(all.join('\n')).split('\n')
  const found = new Map<string, string[]>([['×', ['x', 'X', '✕', '✖', '*']]])
  for (const [at, character] of all.entries()) {
    const into = folded[at]
    if (into !== undefined && into !== character) found.set(into, [...(found.get(into) ?? []), character])
  }
  return found
})()

/** The single characters, other than itself, that `foldShapes` makes this text of, for engines that cannot fold. */
export function otherSpellings(folded: string): readonly string[] {
  return foldedFrom.get(folded) ?? []
}
