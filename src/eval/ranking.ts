/** What is right for a query: gain by id, above 0. Binary judgments have gain 1 everywhere. */
export type Judgments = ReadonlyMap<string, number>

/** Share of what is right that is among the first `k`; 0 when nothing is right. As trec_eval's `recall_k`. */
export function recallAt(k: number, ranked: readonly string[], judgments: Judgments): number {
  const found = ranked.slice(0, k).filter((id) => judgments.has(id)).length
  return judgments.size === 0 ? 0 : found / judgments.size
}

/** 1 when anything right is among the first `k`, else 0. As trec_eval's `success_k`. */
export function hitAt(k: number, ranked: readonly string[], judgments: Judgments): number {
  return ranked.slice(0, k).some((id) => judgments.has(id)) ? 1 : 0
}

/** Rank of the first that is right, from 1; null when none is. */
export function firstRank(ranked: readonly string[], judgments: Judgments): number | null {
  const index = ranked.findIndex((id) => judgments.has(id))
  return index === -1 ? null : index + 1
}

/** 1 / rank of the first that is right, 0 when it is not among the first `k`. Its mean over queries is MRR@k. */
export function reciprocalRankAt(k: number, ranked: readonly string[], judgments: Judgments): number {
  const rank = firstRank(ranked.slice(0, k), judgments)
  return rank === null ? 0 : 1 / rank
}

/**
 * Normalised discounted cumulative gain of the first `k`, 0 to 1 (Järvelin, Kekäläinen: "Cumulated gain-based evaluation
 * of IR techniques", TOIS 2002). The gain is the judgment itself, not 2^judgment - 1, as in trec_eval and BEIR.
 */
export function ndcgAt(k: number, ranked: readonly string[], judgments: Judgments): number {
  const ideal = discountedGain([...judgments.values()].sort((a, b) => b - a).slice(0, k))
  const gains = ranked.slice(0, k).map((id) => judgments.get(id) ?? 0)
  return ideal === 0 ? 0 : discountedGain(gains) / ideal
}

/** Σ gain / log2(rank + 1), best first. */
export function discountedGain(gains: readonly number[]): number {
  return gains.reduce((total, gain, index) => total + gain / Math.log2(index + 2), 0)
}
