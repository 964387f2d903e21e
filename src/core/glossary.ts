import { foldShapes } from './fold.js'
import { unspaced } from './terms.js'
import type { GlossaryEntry } from './types.js'

/**
 * Finds the entries of a glossary that a text names, by their term or a synonym: in any case and width, in traditional
 * and simplified characters, Latin words and numbers as whole words only.
 * @returns a function from a text to its entries, in the order of the glossary
 */
export function glossaryReader(glossary: readonly GlossaryEntry[]): (text: string) => GlossaryEntry[] {
  const named = glossary.map((entry) => ({ entry, names: [entry.term, ...entry.synonyms].map(folded) }))
  return (text) => {
    const within = folded(text)
    return named.filter(({ names }) => names.some((name) => standsIn(within, name))).map(({ entry }) => entry)
  }
}

/** A text followed by the other names of the entries that it names, for a search by words. */
export function withSynonyms(text: string, glossary: readonly GlossaryEntry[]): string {
  if (glossary.length === 0) return text
  const within = folded(text)
  const others = glossaryReader(glossary)(text)
    .flatMap(({ term, synonyms }) => [term, ...synonyms])
    .filter((name) => !standsIn(within, folded(name)))
  return [text, ...new Set(others)].join(' ')
}

function folded(text: string): string {
  return foldShapes(text).toLowerCase()
}

const wordCharacter = new RegExp(`(?![${unspaced}])[\\p{L}\\p{M}\\p{N}]`, 'u')

function standsIn(text: string, name: string): boolean {
  if (name === '') return false
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length
    if (!runsOn(text[at - 1], text[at]) && !runsOn(text[end - 1], text[end])) return true
  }
  return false
}

/** Whether two neighbours are of one word. */
function runsOn(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && wordCharacter.test(left) && wordCharacter.test(right)
}
