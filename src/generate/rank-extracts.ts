import { clipToModel } from '../core/clip.js'
import type { Embedder } from '../core/ports.js'
import { contentTerms, terms } from '../core/terms.js'
import type { Embedding, Hit } from '../core/types.js'
import { type Asked, askedFor, offers } from './asked.js'
import { contextOf, type Extract, extractsOf } from './extracts.js'
import { codeSource, codesOf, namesCode } from './names.js'
import { rarities, weightedShare } from './subject-words.js'
import { readText } from './support/reading.js'
import { foldText } from './values/fold-text.js'
import type { ValueSource } from './values/holds-value.js'

/** What speaks for an extract as the answer to a question; each 0 to 1 but the cosine, higher for better. */
export interface ExtractSignals {
  /** Of the question and the extract with what it needs to be understood. */
  cosine: number
  /** Share of the question's words that stand in the extract itself, the rare ones counting more. */
  inText: number
  /** The same with its headings, its document's title, its table's header and the line that leads up to it. */
  inContext: number
  /** 1 when it holds what is asked for, such as a time. 0 too when the question asks for nothing of the kind. */
  offered: number
  /** Share of the question's part numbers that its passage names. */
  codes: number
  /** The passage's score in the search. */
  passage: number
}

export interface RankedExtract extends Extract {
  signals: ExtractSignals
  score: number
  /** How likely this one of all extracts is the answer, if one of them is: the softmax of the scores. */
  share: number
  /** As it was compared by meaning: with what it needs to be understood. */
  compared: string
  vector: Embedding
}

const passagesRead = 12
/** Extracts compared by meaning; the others are out by their words already. */
const comparedByMeaning = 24
const comparedLength = 300

/**
 * A conditional logit (McFadden: "Conditional logit analysis of qualitative choice behavior", 1974) fitted on the golden
 * questions of the sample documents: bench/refusals.mjs fits it and checks it on unused folds.
 */
export const extractWeights: ExtractSignals = {
  cosine: 10,
  inText: 7,
  inContext: 11,
  offered: 4,
  codes: 2,
  passage: 10,
}

export function scoreExtract(signals: ExtractSignals, weights: ExtractSignals = extractWeights): number {
  return (
    weights.cosine * signals.cosine +
    weights.inText * signals.inText +
    weights.inContext * signals.inContext +
    weights.offered * signals.offered +
    weights.codes * signals.codes +
    weights.passage * signals.passage
  )
}

/** Passages, best first. */
interface Readable {
  hits: readonly Hit[]
  /** The next ones after these. */
  runnersUp: readonly Hit[]
  /** All that was considered: how rare a word is, is judged over these. */
  candidates: readonly Hit[]
}

/** The sentences, rows and lists of the first passages by how well they answer a question, best first. */
export async function rankExtracts(
  question: string,
  { hits, runnersUp, candidates }: Readable,
  { embedder, signal }: { embedder: Embedder; signal?: AbortSignal },
): Promise<RankedExtract[]> {
  const asked = askedFor(question)
  const weights = rarities(contentTerms(question), candidates)
  const byWords = [...hits, ...runnersUp]
    .slice(0, passagesRead)
    .flatMap((hit) => {
      const source = codeSource(hit.chunk)
      return extractsOf(hit).map((extract) => ({
        ...extract,
        signals: wordSignals(extract, { asked, weights, source }),
      }))
    })
    .sort((a, b) => scoreExtract(b.signals) - scoreExtract(a.signals))
    .slice(0, comparedByMeaning)
    .map((extract) => ({
      ...extract,
      compared: [...contextOf(extract), extract.text].join(' ').slice(0, comparedLength),
    }))
  if (byWords.length === 0) return []
  const texts = [await clipToModel(question, embedder), ...byWords.map(({ compared }) => compared)]
  const [about, ...vectors] = await embedder.embed(texts, { task: 'query', ...(signal ? { signal } : {}) })
  const ranked = byWords.flatMap((extract, index) => {
    const vector = vectors[index]
    if (about === undefined || vector === undefined) return []
    const signals = { ...extract.signals, cosine: cosineOf(about, vector) }
    return [{ ...extract, vector, signals, score: scoreExtract(signals) }]
  })
  return withShares(ranked.sort((a, b) => b.score - a.score))
}

function withShares<Scored extends { score: number }>(ranked: readonly Scored[]): (Scored & { share: number })[] {
  const highest = ranked[0]?.score ?? 0
  const total = ranked.reduce((sum, { score }) => sum + Math.exp(score - highest), 0)
  return ranked.map((extract) => ({ ...extract, share: Math.exp(extract.score - highest) / total }))
}

/** All signals but the cosine, which is 0. */
function wordSignals(
  extract: Extract,
  { asked, weights, source }: { asked: Asked; weights: ReadonlyMap<string, number>; source: ValueSource },
): ExtractSignals {
  const { hit, text, tableHeader } = extract
  const own = new Set(terms(text))
  const around = new Set(terms([hit.chunk.documentTitle, ...hit.chunk.headingPath, ...contextOf(extract)].join('\n')))
  const values = readText(text, { tableHeader }).flatMap((reading) => reading.values)
  const codes = codesOf(asked.given)
  return {
    cosine: 0,
    inText: weightedShare(weights, (term) => own.has(term)),
    inContext: weightedShare(weights, (term) => own.has(term) || around.has(term)),
    offered: asked.kind !== 'open' && offers(asked, { values, text: foldText(text) }) ? 1 : 0,
    codes: codes.length === 0 ? 0 : codes.filter((code) => namesCode(source, code)).length / codes.length,
    passage: hit.score,
  }
}

/** Of two normalised vectors. */
export function cosineOf(a: Embedding, b: Embedding): number {
  return a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0)
}
