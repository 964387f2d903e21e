// What a ranking is worth, as trec_eval counts it.

/** @param ranked places of passages, best first; @param relevant Map(place → grade) */
export function quality(ranked, relevant) {
  const first = ranked.slice(0, 10)
  const gain = first.reduce((sum, at, rank) => sum + (relevant.get(at) ?? 0) / Math.log2(rank + 2), 0)
  const ideal = [...relevant.values()]
    .sort((x, y) => y - x)
    .slice(0, 10)
    .reduce((sum, grade, rank) => sum + grade / Math.log2(rank + 2), 0)
  const found = first.filter((at) => relevant.has(at)).length
  return { ndcg: gain / ideal, recall: found / relevant.size, hit: found > 0 ? 1 : 0 }
}

/** Mean of each measure over all questions and over the two halves that their ids fall into. */
export function summary(queries, rankedOf) {
  const rows = queries.map((query, at) => ({ half: halfOf(query.id), ...quality(rankedOf(query, at), query.relevant) }))
  const mean = (some, key) => some.reduce((sum, row) => sum + row[key], 0) / (some.length || 1)
  const half = (which) =>
    mean(
      rows.filter((row) => row.half === which),
      'ndcg',
    )
  return { ndcg: mean(rows, 'ndcg'), a: half(0), b: half(1), recall: mean(rows, 'recall'), hit: mean(rows, 'hit') }
}

/** 0 or 1 by the id alone (FNV-1a): constants are chosen on half 0 and checked on half 1. */
export function halfOf(id) {
  let hash = 0x811c9dc5
  for (const character of id) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0
  return (hash >>> 8) & 1
}
