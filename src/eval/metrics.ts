import type { Hit } from '../core/types.js'
import type { GoldenPlace, GoldenQuestion } from './golden.js'

/** A hit reduced to what a golden place names. */
export interface FoundPlace {
  document: string
  page: number | null
}

/** How one golden question went. */
export interface Outcome {
  question: GoldenQuestion
  /** Best first. */
  found: FoundPlace[]
  refused: boolean
  /** The answer's text; null when refused. */
  text: string | null
  citations: { total: number; verified: number }
  latencyMs: number
}

export interface GoldenReport {
  questions: number
  retrieval: { 'hit@1': number; 'hit@5': number }
  answers: {
    /** Answerable questions from one document whose answer holds the expected short answer. */
    contained: number
    verifiedQuotes: number
    falseRefusals: number
    rightRefusals: number
    falseAnswers: number
  }
  latencyMs: { p50: number; p95: number }
  /** The same by kind of question. */
  kinds: Record<string, { questions: number; 'hit@1': number; 'hit@5': number; contained: number; refused: number }>
}

/** Whether every place that a question needs is among the first `k`; any alternative does as well. */
export function isHit({ expected, alternatives }: GoldenQuestion, found: readonly FoundPlace[], k: number): boolean {
  const first = found.slice(0, k)
  const holds = (place: GoldenPlace) =>
    first.some(({ document, page }) => document === place.document && (place.page === null || page === place.page))
  return (expected.length > 0 && expected.every(holds)) || alternatives.some(holds)
}

/** Whether a text holds the short answer: widths, case and white space do not count. */
export function contains(text: string, answer: string): boolean {
  const folded = (value: string) => value.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
  return folded(text).includes(folded(answer))
}

/** Sums up the outcomes. Shares are 0 to 1; a share of nothing is 0. Questions from two documents need both among the first k. */
export function summarise(outcomes: readonly Outcome[]): GoldenReport {
  const answerable = outcomes.filter(({ question }) => question.kind !== 'unanswerable')
  const unanswerable = outcomes.filter(({ question }) => question.kind === 'unanswerable')
  const single = outcomes.filter(({ question }) => question.kind === 'single')
  const citations = outcomes.map((outcome) => outcome.citations)
  const rightRefusals = share(unanswerable, ({ refused }) => refused)
  return {
    questions: outcomes.length,
    retrieval: { 'hit@1': hitShare(single, 1), 'hit@5': hitShare(single, 5) },
    answers: {
      contained: share(single, holdsAnswer),
      verifiedQuotes: sum(citations.map(({ verified }) => verified)) / (sum(citations.map(({ total }) => total)) || 1),
      falseRefusals: share(answerable, ({ refused }) => refused),
      rightRefusals,
      falseAnswers: unanswerable.length === 0 ? 0 : 1 - rightRefusals,
    },
    latencyMs: {
      p50: percentile(
        outcomes.map(({ latencyMs }) => latencyMs),
        0.5,
      ),
      p95: percentile(
        outcomes.map(({ latencyMs }) => latencyMs),
        0.95,
      ),
    },
    kinds: Object.fromEntries(
      [...new Set(outcomes.map(({ question }) => question.kind))].map((kind) => {
        const ofKind = outcomes.filter(({ question }) => question.kind === kind)
        return [
          kind,
          {
            questions: ofKind.length,
            'hit@1': hitShare(ofKind, 1),
            'hit@5': hitShare(ofKind, 5),
            contained: share(ofKind, holdsAnswer),
            refused: share(ofKind, ({ refused }) => refused),
          },
        ]
      }),
    ),
  }
}

/** The smallest value that at least `share` of the values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

export function foundPlaces(hits: readonly Hit[], fileNameOf: (documentId: string) => string): FoundPlace[] {
  return hits.map(({ chunk }) => ({ document: fileNameOf(chunk.documentId), page: chunk.page }))
}

function hitShare(outcomes: readonly Outcome[], k: number): number {
  return share(outcomes, ({ question, found }) => isHit(question, found, k))
}

function holdsAnswer({ question, text }: Outcome): boolean {
  return text !== null && question.answer !== null && contains(text, question.answer)
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
