import type { JudgedPlace, JudgedQuestion } from '../core/tuning.js'
import type { Hit } from '../core/types.js'
import { discountedGain } from './ranking.js'

/** What a question needs. */
type Needs = Pick<JudgedQuestion, 'expected' | 'alternatives'>

/** A hit or citation reduced to what a golden place names. */
export interface FoundPlace {
  document: string
  page: number | null
  text: string
}

/** How near a find must be: the right document, the right page of it, or a passage that holds the quote. */
export const levels = ['document', 'page', 'passage'] as const
export type Level = (typeof levels)[number]

export function foundPlaces(hits: readonly Hit[], fileNameOf: (documentId: string) => string): FoundPlace[] {
  return hits.map(({ chunk }) => ({ document: fileNameOf(chunk.documentId), page: chunk.page, text: chunk.text }))
}

/** Whether a find is at a golden place. A place without a page is met by every page of its document. */
export function isAt(place: JudgedPlace, found: FoundPlace, level: Level): boolean {
  if (found.document !== place.document) return false
  if (level === 'document') return true
  const isOnPage = place.page === null || found.page === place.page
  if (level === 'page') return isOnPage
  const solid = (text: string) => text.replace(/\s+/g, '')
  return solid(found.text).includes(solid(place.quote))
}

/** Whether any place answers a question. */
export function isAnswerable({ expected, alternatives }: Needs): boolean {
  return expected.length > 0 || alternatives.length > 0
}

/**
 * Goes down a ranking and counts, at each rank, how many of the places that the question needs are met there for the
 * first time. An alternative does in place of all that are still missing.
 */
export function newlyMet(
  { expected, alternatives }: Needs,
  found: readonly FoundPlace[],
  level: Level,
): { needed: number; met: number[] } {
  const missing = new Set(expected)
  const needed = Math.max(expected.length, alternatives.length > 0 ? 1 : 0)
  let left = needed
  const met = found.map((each) => {
    if (left === 0) return 0
    const matched = [...missing].filter((place) => isAt(place, each, level))
    for (const place of matched) missing.delete(place)
    const count = alternatives.some((place) => isAt(place, each, level)) ? left : matched.length
    left -= count
    return count
  })
  return { needed, met }
}

/** Whether every place that a question needs is among the first `k`; never for a question that needs none. */
export function isHit(question: Needs, found: readonly FoundPlace[], k: number, level: Level = 'page'): boolean {
  const { needed, met } = newlyMet(question, found.slice(0, k), level)
  return needed > 0 && sum(met) === needed
}

/**
 * Measures of one ranking against the places that a question needs, which must be one or more. A second chunk of a
 * place that was met before adds nothing.
 */
export function rankingOf(
  question: Needs,
  found: readonly FoundPlace[],
  level: Level,
): { firstRank: number | null; recallAt(k: number): number; hitAt(k: number): number; ndcgAt(k: number): number } {
  const { needed, met } = newlyMet(question, found, level)
  const first = met.findIndex((count) => count > 0)
  const ideal = discountedGain(Array.from({ length: needed }, () => 1))
  return {
    firstRank: first === -1 ? null : first + 1,
    recallAt: (k) => sum(met.slice(0, k)) / needed,
    hitAt: (k) => (sum(met.slice(0, k)) === needed ? 1 : 0),
    // Two places met by one passage are better than the ideal of one a rank.
    ndcgAt: (k) => Math.min(1, discountedGain(met.slice(0, k)) / ideal),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
