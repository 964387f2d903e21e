import { foldShapes } from '../core/fold.js'
import { contentTerms, terms } from '../core/terms.js'
import type { Chunk, Hit } from '../core/types.js'

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/**
 * The words of a question that carry its subject, folded, each once: dictionary words where there are any, pairs of
 * characters otherwise (names, mostly).
 */
export function subjectWords(question: string): string[] {
  const subject = contentTerms(question)
  const words = [...segmenter.segment(foldShapes(question).toLowerCase())].filter(({ isWordLike }) => isWordLike)
  const carrying = [...new Set(words.map(({ segment }) => segment))].filter((word) =>
    terms(word).some((term) => subject.includes(term)),
  )
  return carrying.length > 0 ? carrying : subject
}

/** All that is known of a chunk, folded as `subjectWords` does. */
export function foldedText({ documentTitle, headingPath, tableHeader, text }: Chunk): string {
  return foldShapes([documentTitle, ...headingPath, tableHeader ?? '', text].join('\n')).toLowerCase()
}

/** A word that only a few candidates were found by is not yet common. */
const leastCollection = 100

/** Robertson's idf of each word over the candidates: how much it tells of what is asked. */
export function rarities(words: readonly string[], candidates: readonly Hit[]): Map<string, number> {
  const texts = candidates.map(({ chunk }) => foldedText(chunk))
  const all = Math.max(leastCollection, texts.length)
  return new Map(
    words.map((word) => {
      const holding = texts.filter((text) => text.includes(word)).length
      return [word, Math.log(1 + (all - holding + 0.5) / (holding + 0.5))]
    }),
  )
}

/** Share of the words that satisfy a condition, by their weights; 0 of none. */
export function weightedShare(weights: ReadonlyMap<string, number>, holds: (word: string) => boolean): number {
  let total = 0
  let held = 0
  for (const [word, weight] of weights) {
    total += weight
    if (holds(word)) held += weight
  }
  return total === 0 ? 0 : held / total
}
