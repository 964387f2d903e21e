import { contentTerms, terms } from '../core/terms.js'
import type { Hit } from '../core/types.js'

/** Evidence, at question time, that the passages hold the answer. Higher is better. */
export interface Evidence {
  /** Cosine of the question and the nearest passage; null where the embedding model does not know the language. */
  cosine: number | null
  /** Share of the question's words, the rare ones counting more, that stand together in one passage. 0 to 1. */
  coverage: number
}

/** Passages that are looked at: an answer that none of the first ones holds will not be given anyway. */
const passagesRead = 5

/** A word that only a few candidates were found by is not yet common. */
const leastCollection = 100

/**
 * @param hits best first
 * @param candidates all that was considered: how rare a word is, is judged over these
 * @param knowsLanguage whether the embedding model was trained for the language of the question
 */
export function gatherEvidence(
  question: string,
  { hits, candidates }: { hits: readonly Hit[]; candidates: readonly Hit[] },
  { knowsLanguage }: { knowsLanguage: boolean },
): Evidence {
  const texts = candidates.map(textOf)
  const rarities = new Map(subjectWords(question).map((word) => [word, rarity(word, texts)]))
  const total = sum([...rarities.values()])
  const covered = hits.slice(0, passagesRead).map((hit) => {
    const text = textOf(hit)
    return sum([...rarities].map(([word, weight]) => (text.includes(word) ? weight : 0)))
  })
  return {
    cosine: knowsLanguage ? Math.max(0, ...hits.map(({ signals }) => signals.dense ?? 0)) : null,
    coverage: total === 0 ? 0 : Math.max(0, ...covered) / total,
  }
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** The dictionary words of a question that carry its subject. */
function subjectWords(question: string): string[] {
  const subject = new Set(contentTerms(question))
  const words = [...segmenter.segment(fold(question))].filter(({ isWordLike }) => isWordLike)
  return [...new Set(words.map(({ segment }) => segment))].filter((word) =>
    terms(word).some((term) => subject.has(term)),
  )
}

/** Robertson's idf, over the candidates. */
function rarity(word: string, texts: readonly string[]): number {
  const all = Math.max(leastCollection, texts.length)
  const holding = texts.filter((text) => text.includes(word)).length
  return Math.log(1 + (all - holding + 0.5) / (holding + 0.5))
}

function textOf({ chunk }: Hit): string {
  return fold([chunk.documentTitle, ...chunk.headingPath, chunk.text].join('\n'))
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A logistic model fitted on the golden set of the sample documents: bench/refusals.mjs fits it and checks it on unused halves. */
const weights = { bias: -4.9, cosine: 6.4, coverage: 2.5 }

/** What stands in for a cosine that says nothing: the middle of those seen. */
export const neutralCosine = 0.6

/** How likely the passages hold the answer, 0 to 1. */
export function answerability({ cosine, coverage }: Evidence): number {
  const evidence = weights.bias + weights.cosine * (cosine ?? neutralCosine) + weights.coverage * coverage
  return 1 / (1 + Math.exp(-evidence))
}

/** Below this an answer is refused. A language model reads the passages itself and refuses better than a formula. */
export const leastAnswerability = { extractive: 0.413, languageModel: 0.1 }
