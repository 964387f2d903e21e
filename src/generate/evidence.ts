import type { AnswerEvidence } from '../core/answer.js'
import { clipToModel } from '../core/clip.js'
import type { Embedder } from '../core/ports.js'
import type { Hit } from '../core/types.js'
import { askedFor } from './asked.js'
import { mostQuotes } from './choose-quotes.js'
import { codeSource, codesOf, namesCode, ordinalsIn } from './names.js'
import { cosineOf, type RankedExtract } from './rank-extracts.js'
import { foldedText, rarities, subjectWords, weightedShare } from './subject-words.js'
import { foldText } from './values/fold-text.js'

/** Part of a learned model's fingerprint: changes whenever the same passages would give other evidence. */
export const evidenceVersion = 2

/** A question may be as long as a letter: of its words, the rarest are looked at. */
const mostForeignWords = 8

/** Passages that one has to hold the question's words together. */
const passagesRead = 5

export interface GatheredEvidence extends AnswerEvidence {
  /** Share of the question's words that stand in nothing that was found, 0 to 1: how far it is from all there is. */
  unknownWords: number
}

interface Gathered {
  /** Best first. */
  hits: readonly Hit[]
  /** All that was considered: how rare a word is, is judged over these. */
  candidates: readonly Hit[]
  /** Best first. */
  extracts: readonly RankedExtract[]
}

/** What tells, at question time, whether the passages hold an answer. */
export async function gatherEvidence(
  question: string,
  { hits, candidates, extracts }: Gathered,
  { embedder, signal }: { embedder: Embedder; signal?: AbortSignal },
): Promise<GatheredEvidence> {
  const words = subjectWords(question)
  const weights = rarities(words, candidates)
  const texts = candidates.map(({ chunk }) => foldedText(chunk))
  const unknown = words.filter((word) => !texts.some((text) => text.includes(word)))
  const covered = hits.slice(0, passagesRead).map(({ chunk }) => {
    const text = foldedText(chunk)
    return weightedShare(weights, (word) => text.includes(word))
  })
  const best = extracts.slice(0, mostQuotes)
  const offered = shareOfKind(question, extracts)
  return {
    cosine: Math.max(0, ...extracts.map(({ signals }) => signals.cosine)),
    coverage: Math.max(0, ...covered),
    foreign: await foreignPull(question, { weights, best }, { embedder, ...(signal ? { signal } : {}) }),
    kindOffered: offered ?? 0,
    kindMissing: offered === null ? 0 : 1 - offered,
    nameMissing: lacksName(question, best) ? 1 : 0,
    unknownWords: words.length === 0 ? 0 : unknown.length / words.length,
  }
}

/**
 * How much nearer the question would be to the best extracts without the one word, of those that their passages lack,
 * that leads away from them most: a word that the question turns on, and they know nothing of. In cosine; 0 or more.
 */
async function foreignPull(
  question: string,
  { weights, best }: { weights: ReadonlyMap<string, number>; best: readonly RankedExtract[] },
  { embedder, signal }: { embedder: Embedder; signal?: AbortSignal },
): Promise<number> {
  const texts = best.map(({ hit }) => foldedText(hit.chunk))
  const missing = [...weights]
    .filter(([word]) => !texts.some((text) => text.includes(word)))
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostForeignWords)
    .map(([word]) => word)
  if (best.length === 0 || missing.length === 0) return 0
  // Without punctuation, so that nothing but a word makes a difference.
  const asked = (await clipToModel(question, embedder)).normalize('NFKC').replace(punctuation, ' ').trim()
  const shortened = missing.map((word) => without(asked, word)).filter((text) => text.trim() !== '')
  const [whole, ...others] = await embedder.embed([asked, ...shortened], {
    task: 'query',
    ...(signal ? { signal } : {}),
  })
  const nearest = (vector: Float32Array) => Math.max(...best.map((extract) => cosineOf(vector, extract.vector)))
  if (whole === undefined) return 0
  return Math.max(0, ...others.map((vector) => nearest(vector) - nearest(whole)))
}

const punctuation = /[?!.。、,;:]+(?=\s|$|\p{sc=Han})/gu

function without(text: string, word: string): string {
  return text.replace(new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), ' ')
}

/** How likely the answer is one of the extracts that offer what is asked for; null when any kind would do. */
function shareOfKind(question: string, extracts: readonly RankedExtract[]): number | null {
  if (askedFor(question).kind === 'open') return null
  return extracts.reduce((sum, { share, signals }) => sum + share * signals.offered, 0)
}

function lacksName(question: string, best: readonly RankedExtract[]): boolean {
  const codes = codesOf(askedFor(question).given)
  const ordinals = ordinalsIn(foldText(question))
  if (codes.length === 0 && ordinals.length === 0) return false
  const sources = [...new Set(best.map(({ hit }) => hit))].map(({ chunk }) => codeSource(chunk))
  const named = new Set(sources.flatMap(({ text }) => ordinalsIn(text)))
  const isNamed = (code: (typeof codes)[number]) => sources.some((source) => namesCode(source, code))
  return !codes.every(isNamed) || !ordinals.every((each) => named.has(each))
}
